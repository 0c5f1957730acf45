import type { Dispatcher } from 'undici';
import { AttemptFailure } from './attempt-failure.js';

type Body = Dispatcher.ResponseData['body'];

/**
 * Reads a body into memory.
 * @throws {AttemptFailure} `too_large`, as soon as it is known.
 */
export async function readBody(body: Body, announced: string | undefined, maxBytes: number): Promise<Buffer> {
  if (announced !== undefined && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks, bytes);
}

/** Reads the beginning of a body, for what it says about an error; empty when it cannot be read. */
export async function readBeginning(body: Body, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= maxBytes) break;
    }
  } catch {
    // The status is known already; what the page would have said is a bonus.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function tooLarge(maxBytes: number): AttemptFailure {
  return new AttemptFailure('too_large', `the body is larger than ${maxBytes} bytes`);
}
