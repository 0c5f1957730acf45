import { loadavg } from 'node:os';
import { captureSchema } from '../../core/config/capture.js';
import { median, rounded, table } from '../statistics.js';
import { mediaOf, PICTURES, SOUND } from './media.js';
import type { Feed } from './pipeline.js';
import { compareRecovery, type Recovery } from './recovery.js';
import { compareSteadily, type SteadyResult } from './steady.js';

const MEGABITS = [2, 5, 20] as const;
const OUTPUTS = [1, 4, 8] as const;
const ENCODED = { megabits: 5, outputs: 4 } as const;
const SECONDS = 10;
const QUICK_SECONDS = 4;

interface SteadyCase {
  readonly feed: Feed;
  readonly outputs: number;
}

/** Compares the hub with one ffmpeg and its tee muxer: loss, CPU, and how outputs come back after their server was away. */
export async function benchHub({ quick = false } = {}): Promise<string> {
  const loadBefore = loadavg()[0] ?? 0;
  const recovery = recoveryTable(await compareRecovery(quick));
  const steady = await steadyTable(quick);
  return [
    `Load average before: ${rounded(loadBefore)}`,
    '## Hub and tee muxer under full CPU load',
    steady,
    '## An RTMP server that is away and comes back',
    recovery,
  ].join('\n\n');
}

async function steadyTable(quick: boolean): Promise<string> {
  const rows: string[][] = [];
  for (const { feed, outputs } of await casesOf(quick)) {
    const results = await compareSteadily(feed, outputs, quick ? QUICK_SECONDS : SECONDS);
    const row = steadyRow(feed, outputs, ...results);
    process.stderr.write(`${row.join(', ')}\n`);
    rows.push(row);
  }
  const head = [
    'input',
    'outputs',
    'hub: pictures missing',
    'continuity errors',
    'datagrams dropped',
    'tee: pictures missing',
    'hub: CPU per output',
    'hub: CPU',
    'tee: CPU',
    'hub / tee',
  ];
  return table(head, rows);
}

function steadyRow(feed: Feed, outputs: number, hub: SteadyResult, tee: SteadyResult): string[] {
  return [
    feed.name,
    String(outputs),
    `${hub.missing} of ${hub.expected}`,
    String(hub.continuityErrors),
    String(hub.droppedDatagrams),
    `${tee.missing} of ${tee.expected}`,
    percent(median(hub.outputCpus)),
    percent(hub.cpu),
    percent(tee.cpu),
    rounded(hub.cpu / tee.cpu, 2),
  ];
}

function recoveryTable(recoveries: readonly Recovery[]): string {
  const seconds = (ms: number | null) => rounded(ms === null ? null : ms / 1_000, 2);
  const rows = recoveries.map(({ pipeline, gapsMs, lostElsewhere: [srt, file] }) => [
    pipeline,
    seconds(median(gapsMs.map((gap) => gap ?? Number.POSITIVE_INFINITY))),
    gapsMs.map(seconds).join(', '),
    String(srt),
    String(file),
  ]);
  const head = ['pipeline', 'median, s', 'each, s', 'pictures lost by SRT', 'pictures lost by the recording'];
  return table(head, rows);
}

function percent(share: number): string {
  return `${rounded(share * 100)} %`;
}

async function casesOf(quick: boolean): Promise<SteadyCase[]> {
  const cases: SteadyCase[] = [];
  for (const megabits of quick ? MEGABITS.slice(-1) : MEGABITS) {
    const feed = await passedOn(megabits);
    cases.push(...(quick ? OUTPUTS.slice(1, 2) : OUTPUTS).map((outputs) => ({ feed, outputs })));
  }
  return [...cases, { feed: encoded(ENCODED.megabits), outputs: ENCODED.outputs }];
}

async function passedOn(megabits: number): Promise<Feed> {
  const file = await mediaOf(megabits);
  return { name: `${megabits} Mbit/s, copied`, input: ['-re', '-i', file], encode: null, file };
}

function encoded(megabits: number): Feed {
  const live = `${PICTURES}[out0];${SOUND}[out1]`;
  const input = { ffmpeg: ['-re', '-f', 'lavfi', '-i', live] };
  const encode = { bitrate: `${megabits}M`, options: { preset: 'ultrafast' } };
  const capture = captureSchema.parse({ id: 'bench', input, encode });
  return {
    name: `${megabits} Mbit/s, encoded`,
    input: input.ffmpeg,
    encode: capture.encode,
    file: null,
  };
}
