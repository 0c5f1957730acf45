import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ContinuityCounter } from '../../../activities/pipeline/index.js';
import { hubOf } from '../../../core/hub.js';
import { startLossyRelay } from './support/lossy-relay.js';
import { startPipelineHarness, until } from './support/pipeline-harness.js';

const LOST = '[mpegts @ 0x55a7] [warning] Packet corrupt (stream = 0, dts = 3785130), dropping it.\n';
const OTHER = '[mpegts @ 0x55a7] [warning] PES packet size mismatch\n';

describe('What the hub loses', () => {
  it('is counted by the reader that lost it, and by no other', async () => {
    const harness = await startPipelineHarness();
    const lossyHub = hubOf(`${harness.folder} behind the relay`);
    const relay = await startLossyRelay(harness.hub, lossyHub);
    try {
      await harness.ingest({
        input: { ffmpeg: ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'] },
        encode: { bitrate: '4M', keyframe_interval: '1s' },
      });
      const whole = await harness.push(`file:${join(harness.folder, 'whole.ts')}`);
      const lossy = await harness.push(`file:${join(harness.folder, 'lossy.ts')}`, { from: lossyHub });
      await lossy.delivers(25);
      expect(lossy.watcher.continuityErrors?.()).toBe(0);
      for (let burst = 0; burst < 3; burst += 1) {
        relay.drop(2);
        await lossy.delivers(15);
      }
      await until(() => Promise.resolve((lossy.watcher.continuityErrors?.() ?? 0) >= 3));
      expect(relay.dropped).toBe(6);
      expect(lossy.watcher.continuityErrors?.()).toBeLessThanOrEqual(12);
      expect(whole.watcher.continuityErrors?.()).toBe(0);
    } finally {
      relay.close();
      await harness.close();
    }
  });
});

describe('The counter', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-continuity-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const paths = () => ({ runDir: folder, stderrFile: join(folder, 'stderr.log') });

  it('counts each line once, however the log is cut into reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.array(fc.nat({ max: 120 }), { maxLength: 30 }),
        async (lines, cuts) => {
          await writeFile(paths().stderrFile, '');
          await rm(join(folder, 'continuity.json'), { force: true });
          const counter = new ContinuityCounter(paths());
          let rest = lines.map((isLoss) => (isLoss ? LOST : OTHER)).join('');
          for (const cut of [...cuts, rest.length]) {
            await appendFile(paths().stderrFile, rest.slice(0, cut));
            rest = rest.slice(cut);
            counter.read();
          }
          await appendFile(paths().stderrFile, rest);
          expect(counter.read()).toBe(lines.filter((isLoss) => isLoss).length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on after the log was emptied and after a change of worker, in the middle of a line too', async () => {
    const { stderrFile } = paths();
    await writeFile(stderrFile, LOST.repeat(3) + LOST.slice(0, 40));
    expect(new ContinuityCounter(paths()).read()).toBe(3);
    await appendFile(stderrFile, LOST.slice(40));
    const second = new ContinuityCounter(paths());
    expect(second.read()).toBe(4);
    await truncate(stderrFile, 0);
    await appendFile(stderrFile, OTHER + LOST);
    expect(second.read()).toBe(5);
    expect(new ContinuityCounter(paths()).read()).toBe(5);
  });

  it('answers 0 while there is no log', () => {
    expect(new ContinuityCounter(paths()).read()).toBe(0);
  });
});
