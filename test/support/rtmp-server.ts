import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
const START_TIMEOUT_MS = 10_000;

/** nginx with its RTMP module, in a folder and on ports of its own. */
export interface RtmpServer {
  readonly port: number;
  /** Where a stream is published and played. */
  url(stream: string): string;
  /** Where every publisher is refused: the application asks a web server that answers 403. */
  refusingUrl(stream: string): string;
  /** The FLV files of a stream, oldest first: one for each time it was published. */
  recordings(stream: string): Promise<string[]>;
  /** SIGSTOP and SIGCONT: the server is there and answers nothing. */
  pause(): void;
  resume(): void;
  /** Ends the server without a goodbye. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** Starts the server and waits until it answers. */
export async function startRtmpServer(): Promise<RtmpServer> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-rtmp-'));
  const recordingFolder = join(folder, 'recordings');
  await mkdir(recordingFolder);
  const port = await freePort();
  const configFile = join(folder, 'nginx.conf');
  await writeFile(configFile, configuration(folder, recordingFolder, port, await freePort()));
  let nginx = await startNginx(folder, configFile, port);
  const kill = async (): Promise<void> => {
    if (nginx.exitCode !== null || nginx.signalCode !== null) return;
    nginx.kill('SIGKILL');
    await once(nginx, 'exit');
  };
  return {
    port,
    url: (stream) => `rtmp://127.0.0.1:${port}/live/${stream}`,
    refusingUrl: (stream) => `rtmp://127.0.0.1:${port}/closed/${stream}`,
    recordings: async (stream) => {
      const files = (await readdir(recordingFolder)).filter((file) => file.startsWith(`${stream}-`));
      return files.sort().map((file) => join(recordingFolder, file));
    },
    pause: () => void nginx.kill('SIGSTOP'),
    resume: () => void nginx.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      nginx = await startNginx(folder, configFile, port);
    },
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One process and no master, so that a signal to it is a signal to the server. */
function configuration(folder: string, recordingFolder: string, port: number, httpPort: number): string {
  return `
load_module ${MODULE};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${httpPort}; location / { return 403; } }
}
rtmp {
  server {
    listen 127.0.0.1:${port};
    application live {
      live on;
      record all;
      record_path ${recordingFolder};
      record_suffix -%Y%m%d-%H%M%S.flv;
    }
    application closed { live on; on_publish http://127.0.0.1:${httpPort}/; }
  }
}
`;
}

async function startNginx(folder: string, configFile: string, port: number): Promise<ChildProcess> {
  const words = ['-c', configFile, '-p', folder, '-e', join(folder, 'error.log')];
  const nginx = spawn('/usr/sbin/nginx', words, { stdio: 'ignore' });
  nginx.on('error', () => {});
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (nginx.exitCode !== null || nginx.pid === undefined || performance.now() > deadline) {
      nginx.kill('SIGKILL');
      throw new Error(`nginx with its RTMP module did not start; see ${folder}/error.log`);
    }
    await sleep(50);
  }
  return nginx;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
