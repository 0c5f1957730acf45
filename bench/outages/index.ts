import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../test/support/cluster.js';
import {
  FRAMES_PER_SECOND,
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../test/support/live-source/index.js';
import { rounded, table } from '../statistics.js';
import { OUTAGE_CASES, type OutageCase } from './cases.js';
import {
  ffmpegHls,
  ffmpegReconnecting,
  ffmpegRestartLoop,
  HoldfastRecorder,
  type Recorder,
} from './recorders.js';

const BEFORE_MS = 8_000;
const AFTER_MS = 22_000;
/** What the playlist of the source still holds. */
const HLS_WINDOW_S = 12;

interface Loss {
  readonly recorder: string;
  /** Seconds missing between the first and the last frame, and up to the end when the recorder never came back. */
  readonly lostSeconds: number;
  readonly doubledFrames: number;
  readonly admittedSeconds: number | null;
}

/** Records one source with several programs through one outage after another and counts what each has missed. */
export async function benchOutages(): Promise<string> {
  const cluster = await Cluster.start();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    await cluster.startWorker();
    const transport = () => [new HoldfastRecorder(cluster, 'ts'), ffmpegReconnecting(), ffmpegRestartLoop()];
    const hls = () => [new HoldfastRecorder(cluster, 'hls'), ffmpegHls()];
    const beyond = (loss: Loss, { outageMs, times }: OutageCase) =>
      loss.lostSeconds / times - outageMs / 1_000;
    const beyondWindow = (loss: Loss, { outageMs, times }: OutageCase) =>
      loss.lostSeconds / times - Math.max(0, outageMs / 1_000 - HLS_WINDOW_S);
    return [
      '## Seconds lost beyond the outage, MPEG-TS over HTTP',
      await series(folder, 'ts', transport, (source) => source.urls.ts, beyond),
      `## Seconds lost beyond what the playlist still held, HLS with a ${HLS_WINDOW_S} s window`,
      await series(folder, 'hls', hls, (source) => source.urls.hls, beyondWindow),
    ].join('\n\n');
  } finally {
    await cluster.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function series(
  folder: string,
  kind: string,
  recordersOf: () => Recorder[],
  urlOf: (source: LiveSource) => string,
  measure: (loss: Loss, outage: OutageCase) => number,
): Promise<string> {
  const columns: Loss[][] = [];
  for (const [index, outage] of OUTAGE_CASES.entries()) {
    const losses = await oneCase(join(folder, `${kind}-${index}`), outage, recordersOf(), urlOf);
    process.stderr.write(
      `${kind}, ${outage.name}: ${losses.map((loss) => `${loss.recorder} ${rounded(loss.lostSeconds, 2)}`).join(', ')}\n`,
    );
    columns.push(losses);
  }
  const names = columns[0]?.map(({ recorder }) => recorder) ?? [];
  const rows = names.map((name, row) => [
    name,
    ...columns.map((losses, column) => {
      const loss = losses[row];
      const outage = OUTAGE_CASES[column];
      return loss === undefined || outage === undefined ? '–' : rounded(measure(loss, outage), 2);
    }),
  ]);
  const admitted = [
    'holdfast: missing by frames / by manifest',
    ...columns.map((losses) => {
      const loss = losses[0];
      return loss === undefined
        ? '–'
        : `${rounded(loss.lostSeconds, 2)} / ${rounded(loss.admittedSeconds, 2)}`;
    }),
  ];
  const doubled = [
    'holdfast: frames doubled',
    ...columns.map((losses) => String(losses[0]?.doubledFrames ?? '–')),
  ];
  return table(['recorder', ...OUTAGE_CASES.map(({ name }) => name)], [...rows, admitted, doubled]);
}

async function oneCase(
  folder: string,
  outage: OutageCase,
  recorders: readonly Recorder[],
  urlOf: (source: LiveSource) => string,
): Promise<Loss[]> {
  const source = await startLiveSource();
  try {
    await source.hlsReady(4);
    await Promise.all(
      recorders.map((recorder, index) => recorder.start(urlOf(source), join(folder, String(index)))),
    );
    await sleep(BEFORE_MS);
    await outage.happen(source, recorders);
    await sleep(AFTER_MS);
    const endFrame = source.frameAt(Date.now());
    await Promise.all(recorders.map((recorder) => recorder.stop()));
    return await Promise.all(recorders.map((recorder) => lossOf(recorder, endFrame)));
  } finally {
    await source.close();
  }
}

async function lossOf(recorder: Recorder, endFrame: number): Promise<Loss> {
  const numbers = (await Promise.all((await recorder.files()).map(readFrameNumbers))).flat();
  const inside = missingFrames(numbers).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const last = numbers.reduce((newest, number) => Math.max(newest, number), 0);
  // A recorder that is more than the usual latency behind at the end has not come back.
  const missingTail = endFrame - last > 12 * FRAMES_PER_SECOND ? endFrame - last : 0;
  return {
    recorder: recorder.name,
    lostSeconds: (inside + missingTail) / FRAMES_PER_SECOND,
    doubledFrames: numbers.length - new Set(numbers).size,
    admittedSeconds: recorder instanceof HoldfastRecorder ? await recorder.admittedSeconds() : null,
  };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
