import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startRtmpServer } from '../../support/rtmp-server.js';
import { packetsOf } from './support/media.js';
import { startPipelineHarness } from './support/pipeline-harness.js';

const CAPTURE = {
  input: {
    ffmpeg: [
      ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
      ['-re', '-f', 'lavfi', '-i', 'sine'],
    ].flat(),
  },
  encode: { bitrate: '1M', keyframe_interval: '1s' },
};

describe('An ingest that is killed and comes back', () => {
  it('leaves its outputs running, and what they wrote goes forward only', async () => {
    const rtmp = await startRtmpServer();
    const harness = await startPipelineHarness();
    try {
      const file = join(harness.folder, 'copy.ts');
      const pushes = [await harness.push(`file:${file}`), await harness.push(rtmp.url('one'))];
      for (let time = 0; time < 2; time += 1) {
        const ingest = await harness.ingest(CAPTURE);
        await Promise.all(pushes.map((push) => push.delivers(75)));
        await ingest.kill();
        await sleep(1_500);
      }
      for (const push of pushes) {
        expect(push.hasEnded).toBe(false);
        // A frame that was cut by the kill may be damaged; the new ingest's first packets are no loss.
        expect(push.watcher.continuityErrors?.()).toBeLessThanOrEqual(2);
        await push.stop();
      }
      const [recorded] = await rtmp.recordings('one');
      for (const output of [file, recorded as string]) {
        const packets = await packetsOf(output);
        for (const wanted of ['video', 'audio'] as const) {
          const times = packets.filter(({ type }) => type === wanted).map(({ dtsSeconds }) => dtsSeconds);
          expect(times.length).toBeGreaterThan(140);
          expect(times.every((time, index) => index === 0 || time > (times[index - 1] as number))).toBe(true);
        }
      }
    } finally {
      await harness.close();
      await rtmp.close();
    }
  });
});
