import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A question as the endpoint got it. */
export interface AskedQuestion {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
}

/**
 * How the endpoint answers:
 * - `tokens`: streams them with a pause in between and ends as it should; comments and an empty first event included.
 * - `stall`: streams the tokens and then nothing but comments that keep the connection open.
 * - `cut`: streams the tokens and resets the connection; `end`: closes it in good order, but too soon.
 * - `status`: answers with that status, headers and text.
 * - `events`: sends these lines as events.
 * - `json`: answers in one piece.
 */
export type LlmAnswer =
  | {
      readonly kind: 'tokens' | 'stall' | 'cut' | 'end';
      readonly tokens: readonly string[];
      readonly pauseMs?: number;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly text: string;
    }
  | { readonly kind: 'events'; readonly events: readonly string[] }
  | { readonly kind: 'json'; readonly text: string };

const KEEP_ALIVE_MS = 20;

/** An endpoint as OpenAI's, which answers as a test says: the prepared answers in turn, then `usual`. */
export class LlmServer {
  readonly asked: AskedQuestion[] = [];
  readonly next: LlmAnswer[] = [];
  usual: LlmAnswer = { kind: 'tokens', tokens: ['All ', 'is ', 'well.'] };
  readonly #server = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const piece of request) text += String(piece);
      const body = JSON.parse(text) as AskedQuestion['body'];
      this.asked.push({ path: request.url ?? '', headers: request.headers, body });
      await answer(this.next.shift() ?? this.usual, response);
    })();
  });

  static async start(): Promise<LlmServer> {
    const server = new LlmServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Connections that are open now. */
  async countConnections(): Promise<number> {
    return await new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function answer(how: LlmAnswer, response: ServerResponse): Promise<void> {
  if (how.kind === 'status') {
    response.writeHead(how.status, { 'content-type': 'application/json', ...how.headers }).end(how.text);
    return;
  }
  if (how.kind === 'json') {
    const message = { role: 'assistant', content: how.text };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (how.kind === 'events') {
    response.end(how.events.map((event) => `data: ${event}\n\n`).join(''));
    return;
  }
  await stream(how, response);
}

async function stream(
  how: Extract<LlmAnswer, { tokens: readonly string[] }>,
  response: ServerResponse,
): Promise<void> {
  response.write(`: hello\n\n${eventOf({ role: 'assistant' }, null)}`);
  for (const token of how.tokens) {
    if (how.pauseMs !== undefined) await sleep(how.pauseMs);
    response.write(eventOf({ content: token }, null));
  }
  if (how.kind === 'cut') {
    await sleep(KEEP_ALIVE_MS);
    response.destroy();
  } else if (how.kind === 'stall') {
    while (!response.destroyed) {
      response.write(': still here\n\n');
      await sleep(KEEP_ALIVE_MS);
    }
  } else if (how.kind === 'end') {
    response.end();
  } else {
    response.end(`${eventOf({}, 'stop')}data: [DONE]\n\n`);
  }
}

function eventOf(delta: object, finishReason: string | null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
}
