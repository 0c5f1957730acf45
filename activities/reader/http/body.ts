import { ReaderFailure } from '../reader-failure.js';
import { connectionFailure, type OpenAnswer } from './open.js';

/**
 * Reads a body chunk by chunk; the source waits while the consumer does.
 * Throws a `ReaderFailure` when the body breaks off: with the code of the system where the connection was reset, with
 * ERR_STREAM_PREMATURE_CLOSE where the other side closed before everything announced had come.
 * @param idleTimeoutMs Longest silence, UND_ERR_BODY_TIMEOUT after that.
 */
export async function* readBody(answer: OpenAnswer, idleTimeoutMs: number): AsyncGenerator<Buffer> {
  const { response } = answer;
  const expire = (): void => {
    response.destroy(
      new ReaderFailure(`no data for ${idleTimeoutMs} ms`, { errorCode: 'UND_ERR_BODY_TIMEOUT' }),
    );
  };
  let timer = setTimeout(expire, idleTimeoutMs);
  try {
    for await (const chunk of response) {
      clearTimeout(timer);
      yield chunk as Buffer;
      timer = setTimeout(expire, idleTimeoutMs);
    }
  } catch (error) {
    throw bodyFailure(answer, error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads a whole body into memory.
 * @param limits Largest size, and the time in which all of it must have come.
 */
export async function readWholeBody(
  answer: OpenAnswer,
  limits: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const deadline = setTimeout(() => {
    const message = `not complete within ${limits.timeoutMs} ms`;
    answer.response.destroy(new ReaderFailure(message, { errorCode: 'UND_ERR_BODY_TIMEOUT' }));
  }, limits.timeoutMs);
  try {
    for await (const chunk of readBody(answer, limits.timeoutMs)) {
      length += chunk.length;
      if (length > limits.maxBytes) {
        throw new ReaderFailure(`larger than ${limits.maxBytes} bytes`, { errorCode: 'ERR_TOO_LARGE' });
      }
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(deadline);
    if (!answer.response.complete) answer.response.destroy();
  }
  return Buffer.concat(chunks, length);
}

function bodyFailure(answer: OpenAnswer, error: unknown): unknown {
  if (error instanceof ReaderFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const socketError = answer.socketError();
  if (socketError !== null) return connectionFailure(socketError, 'the connection broke off');
  return new ReaderFailure(
    'the other side closed before the body was complete',
    { errorCode: 'ERR_STREAM_PREMATURE_CLOSE' },
    { cause: error },
  );
}
