import { HttpFailure } from '../http/failure.js';
import { httpFailureOf } from '../http/failure.js';
import { single } from '../http/page.js';
import { discard, openUrl, type OpenAnswer } from '../http/request.js';
import { mediaFormat } from '../media.js';
import type { ProbeAnswer, ProbeTarget } from './probe.js';

/** A playlist is read to here; the first lines already tell. */
const PLAYLIST_BYTES_MAX = 256 * 1024;
/** The server is there but wants to be left alone for now. */
const NOT_NOW_STATUSES = new Set([408, 425, 429]);

/** Asks for the media and looks at its first bytes. Nothing more is downloaded. */
export async function probeHttp(target: ProbeTarget, signal: AbortSignal): Promise<ProbeAnswer> {
  let answer: OpenAnswer;
  try {
    answer = await openUrl({ url: target.url, headers: target.headers, signal, purpose: 'media' });
  } catch (error) {
    if (error instanceof HttpFailure) return { answered: false, detail: error.message };
    throw error;
  }
  try {
    return statusVerdict(answer.status) ?? (await readBeginning(answer, target));
  } catch (error) {
    signal.throwIfAborted();
    return { answered: false, detail: httpFailureOf(error).message };
  } finally {
    discard(answer.body);
  }
}

/** Null when the body has to be looked at. */
function statusVerdict(status: number): ProbeAnswer | null {
  if (status < 400) return null;
  const detail = `the media host answered ${status}`;
  if (status >= 500 || NOT_NOW_STATUSES.has(status)) return { answered: false, detail };
  // The host is back, but this address is not: waiting longer helps nobody, a fresh address does.
  return { answered: true, detail: `${detail}: the address has expired, a fresh one is due` };
}

async function readBeginning(answer: OpenAnswer, target: ProbeTarget): Promise<ProbeAnswer> {
  const isPlaylist = looksLikePlaylist(answer, target);
  let beginning = Buffer.alloc(0);
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (chunk.length === 0) continue;
    if (!isPlaylist) return { answered: true, detail: 'media flows again' };
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length >= PLAYLIST_BYTES_MAX) break;
  }
  if (beginning.length === 0) return { answered: false, detail: 'the answer was empty' };
  return readPlaylist(beginning.toString('utf8'));
}

function readPlaylist(text: string): ProbeAnswer {
  if (!/^\uFEFF?#EXTM3U/.test(text)) return { answered: false, detail: 'the answer is no playlist' };
  const holdsMedia = /^#(?:EXTINF|EXT-X-STREAM-INF|EXT-X-PART|EXT-X-ENDLIST)\b/m.test(text);
  return holdsMedia
    ? { answered: true, detail: 'the playlist is there again' }
    : { answered: false, detail: 'the playlist is empty' };
}

function looksLikePlaylist({ url, headers }: OpenAnswer, target: ProbeTarget): boolean {
  if (target.format !== 'auto') return target.format === 'hls';
  const type = single(headers['content-type'])?.toLowerCase() ?? '';
  return type.includes('mpegurl') || mediaFormat(url) === 'hls';
}
