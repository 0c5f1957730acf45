import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

export interface WebhookServer {
  readonly url: string;
  readonly received: ReceivedHook[];
  /** What is done with each request from now on. */
  answer: (response: ServerResponse, hook: ReceivedHook) => void;
  close(): Promise<void>;
}

/** A server that takes notifications and answers as a test wants it to. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const received: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const hook = { path: request.url ?? '', headers: request.headers, body, atMs: Date.now() };
      received.push(hook);
      hooks.answer(response, hook);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hooks: WebhookServer = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (response) => response.writeHead(204).end(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hooks;
}
