import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a bad proxy does to the bodies that pass through it; changed at any time. */
export interface ProxyFaults {
  /** Ends each connection after so many bytes of body: in an orderly way, or by a reset. */
  cut: { readonly afterBytes: number; readonly how: 'end' | 'reset' } | null;
  /** Keeps pieces back for this long and then sends them in one. */
  bufferMs: number;
  /** Removes events whose text has this in it. */
  drop: RegExp | null;
  /** Passes nothing on, and does not end either. */
  silent: boolean;
  /** Answers with this status instead of asking the server. */
  status: number | null;
}

export interface SseProxy {
  readonly url: string;
  readonly faults: ProxyFaults;
  /** Requests that came, with the header `Last-Event-ID`. */
  readonly requests: { readonly path: string; readonly lastEventId: string | undefined }[];
  close(): Promise<void>;
}

/** A proxy in front of a server that treats streams badly. */
export async function startSseProxy(target: () => string): Promise<SseProxy> {
  const faults: ProxyFaults = { cut: null, bufferMs: 0, drop: null, silent: false, status: null };
  const requests: SseProxy['requests'] = [];
  const server = createServer((incoming, response) => {
    const lastEventId = incoming.headers['last-event-id'];
    requests.push({ path: incoming.url ?? '', lastEventId: lastEventId?.toString() });
    if (faults.status !== null) {
      response.writeHead(faults.status, { 'content-type': 'text/html' }).end('<h1>bad gateway</h1>');
      return;
    }
    forward(target(), incoming, response, faults);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  faults: ProxyFaults,
): void {
  const { host: _host, ...headers } = incoming.headers;
  const onward = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers,
    agent: false,
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    if (answer.headers['content-type']?.startsWith('text/event-stream') === true)
      pass(answer, response, faults);
    else answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end();
}

function pass(answer: IncomingMessage, response: ServerResponse, faults: ProxyFaults): void {
  let sent = 0;
  let kept = '';
  let timer: NodeJS.Timeout | undefined;
  const send = (text: string): void => {
    if (faults.silent || response.destroyed) return;
    const left = faults.cut === null ? Infinity : faults.cut.afterBytes - sent;
    const part = text.slice(0, Math.max(left, 0));
    sent += part.length;
    response.write(part, () => {
      if (faults.cut === null || text.length < left) return;
      if (faults.cut.how === 'end') response.end();
      else response.socket?.resetAndDestroy();
    });
  };
  const flush = (): void => {
    timer = undefined;
    const text = kept;
    kept = '';
    send(text);
  };
  answer.setEncoding('utf8').on('data', (piece: string) => {
    kept += faults.drop === null ? piece : withoutEvents(piece, faults.drop);
    if (faults.bufferMs === 0) flush();
    else timer ??= setTimeout(flush, faults.bufferMs);
  });
  answer.on('end', () => {
    clearTimeout(timer);
    flush();
    if (!faults.silent) response.end();
  });
  answer.on('error', () => response.destroy());
}

/** Our server writes whole events. */
function withoutEvents(piece: string, drop: RegExp): string {
  return piece
    .split(/(?<=\n\n)/)
    .filter((event) => !drop.test(event))
    .join('');
}
