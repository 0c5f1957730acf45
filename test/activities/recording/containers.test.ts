import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Container } from '../../../core/run.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../support/live-source/index.js';
import { sleep, startHarness, until, type Harness } from './support/run-harness.js';

/** ffmpeg is killed at a random moment: what was shown until then must be on disk but for the open group of pictures. */
const GROUP_OF_PICTURES = 25;
const execute = promisify(execFile);
let source: LiveSource;
let harness: Harness;

beforeAll(async () => {
  source = await startLiveSource();
});

afterEach(() => harness.close());
afterAll(() => source.close());

async function packetLines(file: string): Promise<string[]> {
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-show_packets', '-of', 'compact', file]);
  return stdout.split('\n').filter((line) => line.startsWith('packet|'));
}

describe.each<[Container, string]>([
  ['mpegts', 'ts'],
  ['fmp4', 'mp4'],
  ['mkv', 'mkv'],
])('a recording in %s', (container, extension) => {
  it('loses at most the open group of pictures when ffmpeg is killed', async () => {
    harness = await startHarness({ container, segmentMs: 2_000 });
    const run = await harness.start(source.urls.ts, 1);
    await until(async () => (await harness.files()).length >= 2);
    await sleep(Math.random() * 2_000);
    await run.killRecorder('SIGKILL');
    const lastShown = source.frameAt(Date.now());
    await run.finish({ cause: 'crashed', detail: 'killed' });

    const { segments, gaps } = await harness.manifest();
    expect(gaps).toEqual([]);
    const numbers: number[] = [];
    for (const { file, frames } of segments) {
      expect(file).toMatch(new RegExp(`^\\d{8}T\\d{6}Z-1-\\d{5}\\.${extension}$`));
      const path = join(harness.folder, file);
      expect((await packetLines(path)).length).toBeGreaterThanOrEqual(frames);
      const found = await readFrameNumbers(path);
      expect(found).toHaveLength(frames);
      numbers.push(...found);
    }
    expect(await harness.files()).toHaveLength(segments.length);
    expect(missingFrames(numbers)).toEqual([]);
    expect(lastShown - (numbers.at(-1) as number)).toBeLessThanOrEqual(GROUP_OF_PICTURES + 8);
    for (const segment of segments) {
      const lengthMs = Date.parse(segment.end) - Date.parse(segment.start);
      expect(Math.abs(lengthMs - segment.frames * 40)).toBeLessThan(900);
    }
  });
});
