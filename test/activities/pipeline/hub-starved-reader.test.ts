import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { hubInputArguments } from '../../../activities/pipeline/index.js';
import { HUB_RECEIVE_BYTES, hubOf } from '../../../core/hub.js';
import { startPipelineHarness } from './support/pipeline-harness.js';

/** Noise cannot be made small. */
const NOISE = 'testsrc2=size=320x180:rate=25,noise=alls=100:allf=t';
const BITRATE = '8M';
const BYTES_PER_SECOND = 1_000_000;
const WITHOUT_CPU_MAX_MS = 1_000;

/** What the kernel of this machine gives a socket that asks for as much as a reader of a hub. */
async function receiveBytesHere(): Promise<number> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  socket.setRecvBufferSize(HUB_RECEIVE_BYTES);
  // The kernel doubles it for its own bookkeeping.
  const bytes = socket.getRecvBufferSize() / 2;
  socket.close();
  return bytes;
}

describe('a reader of the hub', () => {
  it('asks the kernel for a buffer of its own choice', () => {
    const address = hubInputArguments(hubOf('a')).at(-1) ?? '';
    expect(new URL(address).searchParams.get('buffer_size')).toBe(String(HUB_RECEIVE_BYTES));
  });

  it('loses nothing of a fast stream while it gets no CPU for as long as half of its buffer lasts', async () => {
    const lastsMs = ((await receiveBytesHere()) / BYTES_PER_SECOND) * 1_000;
    const harness = await startPipelineHarness();
    try {
      const push = await harness.push(`file:${join(harness.folder, 'copy.ts')}`);
      const ingest = await harness.ingest({
        input: { ffmpeg: ['-re', '-f', 'lavfi', '-i', NOISE] },
        encode: { bitrate: BITRATE, options: { preset: 'ultrafast' } },
      });
      await ingest.delivers(50);
      await push.delivers(25);
      push.signal('SIGSTOP');
      await sleep(Math.min(lastsMs / 2, WITHOUT_CPU_MAX_MS));
      push.signal('SIGCONT');
      await push.delivers(75);
      await push.stop();
      expect(push.watcher.continuityErrors?.()).toBe(0);
      expect(await push.log()).not.toContain('Packet corrupt');
    } finally {
      await harness.close();
    }
  });
});
