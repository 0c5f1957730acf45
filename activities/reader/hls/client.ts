import { requestHeaders, type ReaderContext } from '../context.js';
import { readWholeBody } from '../http/body.js';
import { openUrl, type OpenAnswer } from '../http/open.js';
import { ConnectionPool } from '../http/transport.js';
import { printableUrl, ReaderFailure } from '../reader-failure.js';
import { DEFAULT_CONNECT_TIMEOUT_MS } from '../spec.js';
import type { ByteRange, MediaPlaylist } from './media-playlist.js';
import { parsePlaylist, type MasterPlaylist } from './playlist.js';

/** A playlist must be there at once or the show runs away. */
const PLAYLIST_TIMEOUT_MS = 10_000;
const MIN_SEGMENT_TIMEOUT_MS = 10_000;
/** A day of two-second segments fits four times. */
const MAX_PLAYLIST_BYTES = 16 * 1024 * 1024;
/** Segments are held in memory whole. */
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** A playlist and how it was answered. */
export interface FetchedPlaylist {
  readonly playlist: MasterPlaylist | MediaPlaylist;
  readonly answer: OpenAnswer;
}

interface FetchLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Fetches what an HLS show consists of, over connections that are kept. Each request is made once. */
export class HlsClient {
  readonly #context: ReaderContext;
  readonly #pool = new ConnectionPool();

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  async playlist(url: string): Promise<FetchedPlaylist> {
    const limits = { maxBytes: MAX_PLAYLIST_BYTES, timeoutMs: PLAYLIST_TIMEOUT_MS };
    const { bytes, answer } = await this.#fetch(url, {}, limits);
    return { playlist: parsePlaylist(bytes.toString('utf8'), answer.finalUrl.href), answer };
  }

  /** A segment, an initialisation section or a key, whole. */
  async bytes(url: string, byteRange: ByteRange | null, targetDurationMs: number): Promise<Buffer> {
    const timeoutMs = Math.max(MIN_SEGMENT_TIMEOUT_MS, 3 * targetDurationMs);
    const limits = { maxBytes: MAX_SEGMENT_BYTES, timeoutMs };
    if (byteRange === null) return (await this.#fetch(url, {}, limits)).bytes;
    const end = byteRange.offset + byteRange.length;
    const range = { Range: `bytes=${byteRange.offset}-${end - 1}` };
    const { bytes, answer } = await this.#fetch(url, range, limits);
    const part = answer.response.statusCode === 206 ? bytes : bytes.subarray(byteRange.offset, end);
    if (part.length === byteRange.length) return part;
    throw new ReaderFailure(`${printableUrl(url)}: the byte range is not there`, {
      errorCode: 'ERR_BYTE_RANGE',
    });
  }

  close(): void {
    this.#pool.close();
  }

  async #fetch(
    url: string,
    extraHeaders: Record<string, string>,
    limits: FetchLimits,
  ): Promise<{ bytes: Buffer; answer: OpenAnswer }> {
    const { spec, signal } = this.#context;
    const connectTimeoutMs = Math.min(spec.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS, limits.timeoutMs);
    const headers = { ...requestHeaders(spec), ...extraHeaders };
    const answer = await openUrl(url, { headers, connectTimeoutMs, signal, pool: this.#pool });
    return { bytes: await readWholeBody(answer, limits), answer };
  }
}
