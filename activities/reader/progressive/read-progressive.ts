import { requestHeaders, type ReaderContext } from '../context.js';
import { readBody } from '../http/body.js';
import { openUrl, type OpenAnswer } from '../http/open.js';
import { PassThroughCutter, type StreamCutter } from '../media/cutter.js';
import { FlvCutter } from '../media/flv-cutter.js';
import { TsCutter } from '../media/ts-cutter.js';
import { printableUrl } from '../reader-failure.js';
import { DEFAULT_CONNECT_TIMEOUT_MS, DEFAULT_READ_TIMEOUT_MS, type ReaderEnd } from '../spec.js';
import { formatOfBytes, formatOfContentType, type DetectedFormat } from './format.js';

/** The address turned out to be an HLS playlist; nothing was fed. */
export type PlaylistFound = 'playlist-found';

/** Reads a source that is one endless body, until it ends or its codec parameters change. */
export async function readProgressive(context: ReaderContext): Promise<ReaderEnd | PlaylistFound> {
  const { spec } = context;
  const answer = await openUrl(spec.url, {
    headers: requestHeaders(spec),
    connectTimeoutMs: spec.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    signal: context.signal,
  });
  const body = readBody(answer, spec.readTimeoutMs ?? DEFAULT_READ_TIMEOUT_MS);
  try {
    return await readAnswer(context, answer, body);
  } finally {
    answer.response.destroy();
  }
}

async function readAnswer(
  context: ReaderContext,
  answer: OpenAnswer,
  body: AsyncGenerator<Buffer>,
): Promise<ReaderEnd | PlaylistFound> {
  const promised = promisedFormat(context, answer);
  if (promised === 'hls') return 'playlist-found';
  if (promised !== 'unknown') reportOpen(context, answer, promised);
  const first = await body.next();
  const firstBytes = first.done === true ? Buffer.alloc(0) : first.value;
  const format = promised === 'unknown' ? formatOfBytes(firstBytes) : promised;
  if (format === 'hls') return 'playlist-found';
  if (promised === 'unknown') reportOpen(context, answer, format);
  return feed(context, makeCutter(format), firstBytes, body);
}

/** What the spec or the answer says about the format; the bytes are asked only when neither does. */
function promisedFormat(context: ReaderContext, answer: OpenAnswer): DetectedFormat {
  const { format } = context.spec;
  if (format !== 'auto') return format;
  return formatOfContentType(answer.response.headers['content-type'] ?? null);
}

function reportOpen(context: ReaderContext, answer: OpenAnswer, format: DetectedFormat): void {
  context.events.write({
    type: 'open',
    status: answer.response.statusCode ?? 0,
    contentType: answer.response.headers['content-type'] ?? null,
    format,
    finalUrl: printableUrl(answer.finalUrl),
  });
}

function makeCutter(format: DetectedFormat): StreamCutter {
  if (format === 'flv') return new FlvCutter();
  return format === 'mpegts' ? new TsCutter() : new PassThroughCutter();
}

/** Passes the body on. Whatever was held back is let go when the source ends, however it ends. */
async function feed(
  context: ReaderContext,
  cutter: StreamCutter,
  firstBytes: Buffer,
  body: AsyncGenerator<Buffer>,
): Promise<ReaderEnd> {
  const { output, events } = context;
  try {
    for (let chunk = firstBytes; ;) {
      const result = cutter.push(chunk);
      for (const bytes of result.output) await output.write(bytes);
      if (result.change !== null) {
        events.write({ type: 'cut', ...result.change });
        return { reason: 'cut', message: `${result.change.before} became ${result.change.after}` };
      }
      const next = await body.next();
      if (next.done === true) break;
      chunk = next.value;
    }
  } catch (error) {
    if (!output.closed.aborted) for (const bytes of cutter.flush()) await output.write(bytes);
    throw error;
  }
  for (const bytes of cutter.flush()) await output.write(bytes);
  return { reason: 'eof', message: 'the source closed the connection' };
}
