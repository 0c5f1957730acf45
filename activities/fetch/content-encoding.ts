import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { AttemptFailure } from './attempt-failure.js';

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Names that some servers write where no encoding is meant. */
const NO_ENCODING: ReadonlySet<string> = new Set(['', 'identity', 'none', 'binary', 'utf-8', 'utf8']);
/** Nobody packs more often in good faith. */
const ENCODINGS_MAX = 3;

const gunzip: Decoder = promisify(zlib.gunzip);
const inflate: Decoder = promisify(zlib.inflate);
const inflateRaw: Decoder = promisify(zlib.inflateRaw);
const brotli: Decoder = promisify(zlib.brotliDecompress);
/** Only newer versions of Node know it. */
const zstdDecompress = (zlib as unknown as Record<string, unknown>)['zstdDecompress'];

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: ungzip,
  'x-gzip': ungzip,
  deflate: (bytes, options) => (isZlib(bytes) ? inflate : inflateRaw)(bytes, options),
  br: brotli,
  ...(typeof zstdDecompress === 'function' ? { zstd: promisify(zstdDecompress) as Decoder } : {}),
};

/** What we can unpack, for `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = Object.keys(DECODERS)
  .filter((name) => name !== 'x-gzip')
  .join(', ');

/**
 * Unpacks a body.
 * @throws {AttemptFailure} `too_large` when it grows over the limit, `unsupported_encoding` when it cannot be unpacked.
 */
export async function unpack(bytes: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const names = contentEncoding.split(',').map((name) => name.trim().toLowerCase());
  const applied = names.filter((name) => !NO_ENCODING.has(name));
  if (applied.length > ENCODINGS_MAX) {
    throw new AttemptFailure('unsupported_encoding', `packed ${applied.length} times`);
  }
  let unpacked = bytes;
  for (const name of applied.toReversed()) unpacked = await decode(unpacked, name, maxBytes);
  // Servers that hold packed files, and some that pack twice, do not say so.
  return isGzip(unpacked) ? decode(unpacked, 'gzip', maxBytes) : unpacked;
}

async function decode(bytes: Buffer, name: string, maxBytes: number): Promise<Buffer> {
  const decoder = DECODERS[name];
  if (decoder === undefined) {
    throw new AttemptFailure('unsupported_encoding', `unknown content encoding ${name.slice(0, 40)}`);
  }
  if (bytes.length === 0) return bytes;
  try {
    return await decoder(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AttemptFailure('too_large', `unpacked larger than ${maxBytes} bytes`);
    }
    // Nothing else is wrong with the data up to its end: the transfer was cut.
    if (code === 'Z_BUF_ERROR') {
      throw new AttemptFailure('network_disconnect', `the ${name} body ends too soon`);
    }
    throw new AttemptFailure('unsupported_encoding', `the ${name} body cannot be unpacked: ${message}`);
  }
}

/** Some servers say gzip and send plain text. */
async function ungzip(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer> {
  return isGzip(bytes) ? gunzip(bytes, options) : bytes;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** `deflate` means the format of zlib, but some servers send it without its two bytes in front. */
function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
