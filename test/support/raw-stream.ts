import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer as it comes over the wire. */
export interface RawStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came so far. */
  readonly text: () => string;
  readonly ended: Promise<'end' | 'cut'>;
  readonly destroy: () => void;
}

/** Opens a stream on a connection of its own. */
export function askRaw(url: string, headers: Record<string, string> = {}): Promise<RawStream> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      const ended = new Promise<'end' | 'cut'>((done) => {
        response.on('end', () => done('end')).on('error', () => done('cut'));
      });
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: () => text,
        ended,
        destroy: () => response.destroy(),
      });
    }).on('error', reject);
  });
}

export interface RawMessage {
  readonly id: number | null;
  readonly data: Record<string, unknown> & { readonly type: string };
}

/** The events in the text of a stream. */
export function messagesIn(text: string): RawMessage[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const id = /^id: (\d+)$/m.exec(block)?.[1];
      return {
        id: id === undefined ? null : Number(id),
        data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as RawMessage['data'],
      };
    });
}

/** Their ids; null for those without. */
export function idsIn(text: string): (number | null)[] {
  return messagesIn(text).map(({ id }) => id);
}

/** Waits until something holds, for at most half a minute. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    if (condition()) return;
    await sleep(20);
  }
  throw new Error(`never: ${what}`);
}
