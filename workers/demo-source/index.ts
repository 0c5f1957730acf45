import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A client that takes this much less than it is sent is too slow and is let go. */
const CLIENT_BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

/** Pause before the picture is started again when ffmpeg has ended. */
const RESTART_DELAY_MS = 1_000;

export interface DemoSource {
  /** e.g. `http://127.0.0.1:7700/live.ts` */
  readonly url: string;
  close(): Promise<void>;
}

export interface DemoSourceOptions {
  /** Address to listen on; port 0 takes a free one. */
  readonly host: string;
  readonly port: number;
  readonly ffmpegPath?: string;
  readonly onError?: (error: Error) => void;
}

/** A live test picture with sound, made locally, as MPEG-TS over HTTP: something to record when there is nothing else. */
export async function startDemoSource(options: DemoSourceOptions): Promise<DemoSource> {
  const clients = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url !== '/live.ts') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('the demo source is at /live.ts\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'video/mp2t', 'cache-control': 'no-store' });
    clients.add(response);
    response.on('close', () => clients.delete(response));
  });
  await listen(server, options);
  const picture = keepPictureRunning(options, (chunk) => broadcast(clients, chunk));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}/live.ts`,
    close: async () => {
      picture.stop();
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, { host, port }: DemoSourceOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function broadcast(clients: Set<ServerResponse>, chunk: Buffer): void {
  for (const client of clients) {
    if (client.writableLength > CLIENT_BACKLOG_BYTES_MAX) client.destroy();
    else client.write(chunk);
  }
}

function keepPictureRunning(options: DemoSourceOptions, onChunk: (chunk: Buffer) => void): { stop(): void } {
  let stopped = false;
  let picture: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  const start = () => {
    const child = spawn(options.ffmpegPath ?? 'ffmpeg', pictureArguments(), {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    picture = child;
    child.stdout.on('data', onChunk);
    child.on('error', (error) => options.onError?.(error));
    child.on('close', () => {
      if (!stopped) restart = setTimeout(start, RESTART_DELAY_MS);
    });
  };
  start();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(restart);
      picture?.kill('SIGKILL');
    },
  };
}

function pictureArguments(): string[] {
  const input = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x360:rate=25',
    '-re',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:beep_factor=4',
  ];
  const video = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '25',
    '-b:v',
    '600k',
  ];
  const audio = ['-c:a', 'aac', '-b:a', '64k'];
  return [
    '-nostdin',
    '-hide_banner',
    '-loglevel',
    'error',
    ...input,
    ...video,
    ...audio,
    '-f',
    'mpegts',
    'pipe:1',
  ];
}
