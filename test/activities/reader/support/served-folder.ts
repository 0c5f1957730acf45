import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveHttp, type LocalServer } from './hostile-server.js';

/** A folder whose files are served over HTTP, byte ranges included. */
export interface ServedFolder {
  readonly folder: string;
  readonly url: string;
  readonly server: LocalServer;
  close(): Promise<void>;
}

export async function serveFolder(): Promise<ServedFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-served-'));
  const server = await serveHttp((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    readFile(join(folder, name)).then(
      (bytes) => {
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
        const part = range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1);
        response.writeHead(range === null ? 200 : 206).end(part);
      },
      () => response.writeHead(404).end(),
    );
  });
  const close = async (): Promise<void> => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, url: server.url, server, close };
}
