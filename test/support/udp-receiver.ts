import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeUdpPort } from './free-port.js';

/** An ffmpeg that writes what comes over UDP into a file. */
export interface UdpReceiver {
  /** Where to send MPEG-TS. */
  readonly url: string;
  /** The MPEG-TS file. */
  readonly file: string;
  close(): Promise<void>;
}

/** What a busy machine may keep the reader waiting without a loss. */
const BUFFERS = 'buffer_size=1000000&fifo_size=50000';

/** Starts a receiver. It needs no end of the stream: what has come is in the file at once. */
export async function startUdpReceiver(): Promise<UdpReceiver> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-udp-'));
  const address = `udp://127.0.0.1:${await freeUdpPort()}`;
  const file = join(folder, 'received.ts');
  const input = ['-nostdin', '-loglevel', 'quiet', '-f', 'mpegts', '-i', `${address}?${BUFFERS}`];
  const output = ['-map', '0', '-c', 'copy', '-flush_packets', '1', file];
  const ffmpeg = spawn('ffmpeg', [...input, ...output], { stdio: 'ignore' });
  const ended = once(ffmpeg, 'exit');
  return {
    url: address,
    file,
    close: async () => {
      ffmpeg.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
