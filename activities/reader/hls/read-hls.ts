import { setTimeout as sleep } from 'node:timers/promises';
import type { ReaderContext } from '../context.js';
import { printableUrl, ReaderFailure } from '../reader-failure.js';
import { DEFAULT_LIVE_EDGE_SEGMENTS, type ReaderEnd } from '../spec.js';
import { HlsClient, type FetchedPlaylist } from './client.js';
import type { MediaPlaylist } from './media-playlist.js';
import { chooseVariant } from './playlist.js';
import {
  enterPlaylist,
  planSegments,
  positionAfter,
  reloadDelayMs,
  resumePointOf,
  type Position,
} from './schedule.js';
import { SegmentFeeder } from './segment-feeder.js';

/** Reads an HLS show until it ends, its codec parameters change or a request fails. */
export async function readHls(context: ReaderContext): Promise<ReaderEnd> {
  const client = new HlsClient(context);
  try {
    const requestedAtMs = performance.now();
    const opened = await client.playlist(context.spec.url);
    const media = await openMedia(client, opened);
    if (media === 'needs-ffmpeg' || usesForeignEncryption(media.playlist)) {
      reportOpen(context, opened, 'hls-ffmpeg');
      const { readByFfmpeg } = await import('./read-by-ffmpeg.js');
      return await readByFfmpeg(context);
    }
    reportOpen(context, opened, 'hls');
    return await follow(context, client, media, requestedAtMs);
  } finally {
    client.close();
  }
}

interface OpenMedia {
  readonly url: string;
  readonly playlist: MediaPlaylist;
}

/** Finds the playlist that lists the segments. */
async function openMedia(client: HlsClient, opened: FetchedPlaylist): Promise<OpenMedia | 'needs-ffmpeg'> {
  if (opened.playlist.kind === 'media') {
    return { url: opened.answer.finalUrl.href, playlist: opened.playlist };
  }
  const variant = chooseVariant(opened.playlist);
  if (variant.hasSeparateAudio) return 'needs-ffmpeg';
  return { url: variant.url, playlist: await mediaPlaylist(client, variant.url) };
}

async function mediaPlaylist(client: HlsClient, url: string): Promise<MediaPlaylist> {
  const { playlist } = await client.playlist(url);
  if (playlist.kind === 'media') return playlist;
  throw new ReaderFailure(`${printableUrl(url)} lists variants where segments were expected`, {
    errorCode: 'ERR_NOT_A_PLAYLIST',
  });
}

function usesForeignEncryption(playlist: MediaPlaylist): boolean {
  return playlist.segments.some((segment) => segment.key !== null && segment.key.method !== 'AES-128');
}

/** Feeds what is due, waits, loads the playlist again. */
async function follow(
  context: ReaderContext,
  client: HlsClient,
  media: OpenMedia,
  openedAtMs: number,
): Promise<ReaderEnd> {
  const feeder = new SegmentFeeder(context, client);
  let { playlist } = media;
  let position: Position | null = null;
  let requestedAtMs = openedAtMs;
  let changed = true;
  for (;;) {
    position ??= enterPlaylist(
      playlist,
      context.spec.resumeAfter ?? null,
      context.spec.hls?.liveEdgeSegments ?? DEFAULT_LIVE_EDGE_SEGMENTS,
    );
    if (position !== null) {
      const fed = await feedDue(context, feeder, playlist, position);
      if ('reason' in fed) return fed;
      position = fed;
    }
    if (playlist.endList) return { reason: 'endlist', message: 'the playlist says that the show is over' };
    const delayMs = reloadDelayMs(playlist, changed, performance.now() - requestedAtMs);
    await sleep(delayMs, undefined, { signal: context.signal });
    requestedAtMs = performance.now();
    const reloaded = await mediaPlaylist(client, media.url);
    changed = newestOf(reloaded) !== newestOf(playlist);
    playlist = reloaded;
  }
}

/** Feeds the segments that are due. Returns the new position, or why reading ends. */
async function feedDue(
  context: ReaderContext,
  feeder: SegmentFeeder,
  playlist: MediaPlaylist,
  start: Position,
): Promise<Position | ReaderEnd> {
  const plan = planSegments(playlist, start);
  if (plan.restarted) {
    throw new ReaderFailure('playlist restarted', { errorCode: 'PLAYLIST_RESTART' });
  }
  for (const range of plan.skipped) context.events.write({ type: 'skipped', ...range });
  let position = start;
  for (const segment of plan.segments) {
    context.signal.throwIfAborted();
    const change = await feeder.feed(segment, playlist.targetDurationMs);
    if (change !== null) return reportCut(context, change, position);
    position = { next: segment.sequence + 1, last: resumePointOf(segment) };
  }
  return positionAfter(playlist, position);
}

function reportCut(
  context: ReaderContext,
  change: { before: string; after: string },
  position: Position,
): ReaderEnd {
  const resumeAfter = position.last === null ? {} : { resumeAfter: position.last };
  context.events.write({ type: 'cut', ...change, ...resumeAfter });
  return { reason: 'cut', message: `${change.before} became ${change.after}` };
}

function newestOf(playlist: MediaPlaylist): number | null {
  return playlist.segments.at(-1)?.sequence ?? null;
}

function reportOpen(context: ReaderContext, opened: FetchedPlaylist, format: 'hls' | 'hls-ffmpeg'): void {
  const { response, finalUrl } = opened.answer;
  context.events.write({
    type: 'open',
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? null,
    format,
    finalUrl: printableUrl(finalUrl),
  });
}
