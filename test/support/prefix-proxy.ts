import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that serves a whole server below each of these paths, and takes them off what it hands on. */
export interface PrefixProxy {
  readonly url: string;
  /** Paths that were asked for outside of them. */
  readonly strays: readonly string[];
  close(): Promise<void>;
}

/** @param prefixes with a slash at both ends */
export async function startPrefixProxy(target: string, prefixes: readonly string[]): Promise<PrefixProxy> {
  const strays: string[] = [];
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '/';
    const prefix = prefixes.find((each) => path.startsWith(each));
    if (prefix === undefined) {
      strays.push(path);
      response.writeHead(404, { 'content-type': 'text/plain' }).end('another application');
      return;
    }
    const { method, headers } = incoming;
    const onward = request(new URL(`/${path.slice(prefix.length)}`, target), {
      method,
      headers,
      agent: false,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strays,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
