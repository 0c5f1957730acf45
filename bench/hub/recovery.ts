import { join } from 'node:path';
import { captureSchema } from '../../core/config/capture.js';
import { Cluster, until } from '../../test/support/cluster.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../test/support/live-source/index.js';
import { NumberedCapture } from '../../test/support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../../test/support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../../test/support/srt-listener.js';
import { firstPictureAt } from './first-picture.js';
import { TeeProcess, teeCommand } from './tee-pipeline.js';

/** Both try again every 5 s: the outages end at different distances from the next attempt. */
const OUTAGES_MS = [6_000, 7_000, 8_000, 9_000, 11_500] as const;
const QUICK_OUTAGES_MS = [6_500] as const;
const BETWEEN_MS = 4_000;
const RETURN_TIMEOUT_MS = 30_000;
const INPUT = ['-analyzeduration', '500000', '-probesize', '500000', '-i'];
const ENCODE = { bitrate: '1M', options: { preset: 'ultrafast' } };
const HUB_STREAM = 'hub';
const TEE_STREAM = 'tee';

export interface Recovery {
  readonly pipeline: string;
  /** From the server's first accept to the first key frame there, for each outage; null when none came in time. */
  readonly gapsMs: readonly (number | null)[];
  /** Pictures that the outputs have lost that were never away: SRT, then file. */
  readonly lostElsewhere: readonly [srt: number, file: number];
}

/** One server goes away and comes back, again and again, for a capture and for one ffmpeg with its tee muxer at the same time. */
export async function compareRecovery(quick: boolean): Promise<readonly Recovery[]> {
  const closers: (() => Promise<void>)[] = [];
  const opened = async <Thing extends { close(): Promise<void> }>(thing: Promise<Thing>): Promise<Thing> => {
    const it = await thing;
    closers.unshift(() => it.close());
    return it;
  };
  try {
    const cluster = await opened(Cluster.start());
    const source = await opened(startLiveSource());
    const rtmp = await opened(startRtmpServer());
    const [hubSrt, teeSrt] = [await opened(startSrtListener()), await opened(startSrtListener())];
    await cluster.startWorker();
    const capture = await NumberedCapture.start(
      cluster,
      source,
      { rtmp, srt: hubSrt },
      {
        id: HUB_STREAM,
        encode: ENCODE,
        recovery: { max_retries: 1_000 },
      },
    );
    const file = join(cluster.folder, 'tee.ts');
    const tee = new TeeProcess(teeCommand(feedOf(source), teeTargets(rtmp, teeSrt, file)));
    closers.unshift(() => tee.stop());
    const gaps = await breakAgainAndAgain(rtmp, quick ? QUICK_OUTAGES_MS : OUTAGES_MS);
    await capture.handle.signal('stop');
    await capture.handle.result();
    await tee.stop();
    return [
      {
        pipeline: 'hub',
        gapsMs: gaps.map(({ hub }) => hub),
        lostElsewhere: [await lostIn(await hubSrt.recordings()), await lostIn(await capture.files('tape'))],
      },
      {
        pipeline: 'tee',
        gapsMs: gaps.map(({ tee: gap }) => gap),
        lostElsewhere: [await lostIn(await teeSrt.recordings()), await lostIn([file])],
      },
    ];
  } finally {
    for (const close of closers) await close();
  }
}

function feedOf(source: LiveSource) {
  const input = [...INPUT, source.urls.ts];
  const { encode } = captureSchema.parse({ id: 'tee', input: { ffmpeg: input }, encode: ENCODE });
  return { name: TEE_STREAM, input, encode, file: null };
}

function teeTargets(rtmp: RtmpServer, srt: SrtListener, file: string): string[] {
  return [
    `[f=flv:flvflags=no_duration_filesize:onfail=ignore]${rtmp.url(TEE_STREAM)}`,
    `[f=mpegts:onfail=ignore]${srt.url}`,
    `[f=mpegts:onfail=ignore]${file}`,
  ];
}

async function breakAgainAndAgain(
  rtmp: RtmpServer,
  outagesMs: readonly number[],
): Promise<{ hub: number | null; tee: number | null }[]> {
  await Promise.all([HUB_STREAM, TEE_STREAM].map((stream) => arrival(rtmp, stream, 0)));
  const gaps: { hub: number | null; tee: number | null }[] = [];
  for (const outageMs of outagesMs) {
    await sleep(BETWEEN_MS);
    const before = new Map<string, number>();
    for (const stream of [HUB_STREAM, TEE_STREAM]) before.set(stream, (await rtmp.recordings(stream)).length);
    await rtmp.kill();
    await sleep(outageMs);
    await rtmp.restart();
    const backAtMs = Date.now();
    const gapOf = async (stream: string) => {
      const atMs = await arrival(rtmp, stream, before.get(stream) ?? 0);
      return atMs === null ? null : atMs - backAtMs;
    };
    const [hub, tee] = await Promise.all([gapOf(HUB_STREAM), gapOf(TEE_STREAM)]);
    process.stderr.write(`server away for ${outageMs} ms: hub ${hub} ms, tee ${tee} ms\n`);
    gaps.push({ hub, tee });
  }
  await sleep(BETWEEN_MS);
  return gaps;
}

/** When the first key frame came of a stream that was published more than `before` times; null when none came. */
async function arrival(rtmp: RtmpServer, stream: string, before: number): Promise<number | null> {
  let atMs: number | null = null;
  const came = async (): Promise<boolean> => {
    const added = (await rtmp.recordings(stream)).slice(before);
    for (const file of added) atMs ??= await firstPictureAt(file);
    return atMs !== null;
  };
  await until(came, RETURN_TIMEOUT_MS, `${stream} to come back`).catch(() => undefined);
  return atMs;
}

async function lostIn(files: readonly string[]): Promise<number> {
  const numbers = (await Promise.all(files.map(readFrameNumbers))).flat();
  return missingFrames(numbers).reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
