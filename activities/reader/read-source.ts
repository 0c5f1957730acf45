import type { ReaderContext } from './context.js';
import { formatOfPath } from './progressive/format.js';
import { errorCodeOf, OutputClosed, ReaderFailure, StopRequested } from './reader-failure.js';
import type { ReaderEnd } from './spec.js';

/** Reads the source once, from its opening to its end, and says why it ended. Never throws. */
export async function readSource(context: ReaderContext): Promise<ReaderEnd> {
  try {
    if (isHlsByName(context)) return await followPlaylist(context);
    const { readProgressive } = await import('./progressive/read-progressive.js');
    const end = await readProgressive(context);
    return end === 'playlist-found' ? await followPlaylist(context) : end;
  } catch (error) {
    return endOf(error, context.signal);
  }
}

/** Each way of reading is loaded only when it is taken: the reader has to start quickly. */
async function followPlaylist(context: ReaderContext): Promise<ReaderEnd> {
  const { readHls } = await import('./hls/read-hls.js');
  return readHls(context);
}

function isHlsByName({ spec }: ReaderContext): boolean {
  if (spec.format !== 'auto') return spec.format === 'hls';
  return URL.canParse(spec.url) && formatOfPath(new URL(spec.url).pathname) === 'hls';
}

/** What made us end comes before what then went wrong because of it. */
function endOf(error: unknown, signal: AbortSignal): ReaderEnd {
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof StopRequested) return { reason: 'stopped', message: reason.message };
  if (reason instanceof OutputClosed) return { reason: 'output_closed', message: reason.message };
  if (reason instanceof ReaderFailure) return { reason: 'error', ...reason.facts, message: reason.message };
  const message = reason instanceof Error ? reason.message : String(reason);
  const errorCode = errorCodeOf(reason) ?? 'ERR_READER';
  return { reason: 'error', errorCode, message };
}
