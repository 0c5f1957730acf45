import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';

/** Most of an answer that is read: only a line of it is ever shown. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the body; empty for a 2xx. */
  readonly text: string;
}

/**
 * One POST on a connection of its own; redirects are not followed. Resolves with the answer, whatever its status.
 * Throws when there is none in time, or when the signal is aborted.
 */
export async function post(
  url: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** From the connection to the end of the answer. */
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<HttpAnswer> {
  const agent = new Agent({ pipelining: 0 });
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: headersOf(options.headers),
      body: options.body,
      dispatcher: agent,
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    // What a server says after it has taken the message is of no interest, even when it never ends.
    const taken = answer.statusCode >= 200 && answer.statusCode < 300;
    const text = taken ? '' : await readSome(answer.body);
    return { status: answer.statusCode, headers: answer.headers, text };
  } finally {
    // The answer may be unread: destroying the agent frees its connection at once.
    await agent.destroy();
  }
}

function headersOf(own: Readonly<Record<string, string>>): Record<string, string> {
  // Header names know no case: the same one in two spellings would be sent twice.
  const named = Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    'user-agent': 'holdfast',
    ...(Object.fromEntries(named) as Record<string, string>),
    'content-type': 'application/json; charset=utf-8',
  };
}

/** The beginning of a body. */
async function readSome(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString();
}

/** The error of a request in a few words. */
export function describeRequestError(error: unknown): string {
  const { name, message, code } = error as { name?: string; message?: string; code?: string | number };
  if (name === 'TimeoutError') return 'no answer in time';
  return [typeof code === 'string' ? code : undefined, message].filter(Boolean).join(': ');
}
