import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { BODY_BYTES_MAX } from './limits.js';
import { HttpFailure, httpFailureOf } from './failure.js';
import { openUrl, type HttpRequest, type OpenAnswer } from './request.js';
import { parseRetryAfterMs } from '../../../core/retry-after.js';

const DECODERS: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** A document, read to its end. */
export interface Page {
  /** Where the redirects have led. */
  readonly url: string;
  readonly status: number;
  readonly text: string;
  /** From `Retry-After`, when the site has sent a usable one. */
  readonly retryAfterMs?: number;
}

/**
 * Fetches a document of at most 5 MiB, also when unpacked. Any status is an answer.
 * @throws {HttpFailure} when there is no whole answer; the signal's reason when it is aborted.
 */
export async function fetchPage(input: Omit<HttpRequest, 'purpose'>): Promise<Page> {
  const answer = await openUrl({ ...input, purpose: 'page' });
  try {
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const retryAfterMs = parseRetryAfterMs(single(answer.headers['retry-after']), Date.now());
    return {
      url: answer.url,
      status: answer.status,
      text: (await unpack(bytes, answer)).toString('utf8'),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    input.signal.throwIfAborted();
    throw httpFailureOf(error);
  }
}

async function unpack(bytes: Buffer, answer: OpenAnswer): Promise<Buffer> {
  const encoding = single(answer.headers['content-encoding'])?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  const decode = DECODERS[encoding];
  if (decode === undefined) {
    throw new HttpFailure(`unknown content encoding ${encoding.slice(0, 40)}`, 'UNSUPPORTED_ENCODING');
  }
  return decode(bytes, { maxOutputLength: BODY_BYTES_MAX });
}

/** A header that may have come more than once: the first counts. */
export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
