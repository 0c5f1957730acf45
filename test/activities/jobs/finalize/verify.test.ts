// The clock of a source drifts from that of the machine: how far a length may be from the manifest, and what becomes of the segments.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { finalizeSteps } from '../../../../activities/jobs/finalize/index.js';
import { compareLength } from '../../../../activities/jobs/finalize/verify.js';
import { finalizeParams } from '../../../../core/jobs/params.js';
import { readManifest } from '../../../../core/manifest/index.js';
import { RecordedBranch } from './support/recorded-branch.js';
import { StepCourse } from './support/step-course.js';

const START_MS = Date.UTC(2026, 0, 31, 12);
const HOUR_MS = 3_600_000;

describe('the length of a joined file against the manifest', () => {
  it.each([
    ['the same to the second', 60_000, 60_000 + 1_000, 'same'],
    ['more than a second apart in a minute', 60_000, 60_000 + 1_061, 'other'],
    ['just over a second apart, which a clock can explain', 60_000, 60_000 - 1_050, 'near'],
    ['four seconds apart in an hour', HOUR_MS, HOUR_MS - 4_000, 'near'],
    ['five seconds apart in an hour', HOUR_MS, HOUR_MS + 5_000, 'other'],
    ['nothing in place of a minute', 60_000, 0, 'other'],
  ])('%s', (_title, recordedMs, mediaMs, verdict) => {
    expect(compareLength(mediaMs, recordedMs)).toBe(verdict);
  });

  it('is the same within a second, near within a thousandth more, and otherwise another one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 * HOUR_MS }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        (recordedMs, apartMs) => {
          const verdict = compareLength(recordedMs + apartMs, recordedMs);
          const isSame = Math.abs(apartMs) <= 1_000;
          const isNear = Math.abs(apartMs) <= 1_000 + recordedMs / 1_000;
          expect(verdict).toBe(isSame ? 'same' : isNear ? 'near' : 'other');
        },
      ),
    );
  });
});

describe('finalize', () => {
  it.each([
    [980, 'and is not kept from removing them', false],
    [1_030, 'but keeps the segments and says why', true],
  ])(
    'takes a length that the clock of the source sets apart by %i ms, %s',
    async (apartMs, _then, areKept) => {
      const course = await StepCourse.open();
      const branch = new RecordedBranch(course.dataDir, 'capture/desk', 'tape');
      const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 40, segmentSeconds: 60 });
      const manifest = join(branch.folder, 'manifest.jsonl');
      const end = new Date(Date.parse(lines[0]?.end ?? '') + apartMs).toISOString();
      await writeFile(
        manifest,
        (await readFile(manifest, 'utf8')).replace(/"end":"[^"]*"/, `"end":"${end}"`),
      );
      const params = finalizeParams.parse({ recording: 'capture/desk', keep_parts: false, waveform: false });
      await course.make(finalizeSteps, params);
      expect(await course.artifacts()).toContain('desk-20260131T120000Z.mp4');
      const words = new RegExp(
        `^warning: the segments are kept, in spite of keep_parts=false: desk-20260131T120000Z.mp4: 40\\.\\d\\d s of media where the manifest has 41\\.\\d\\d s$`,
      );
      const told = course.logged.filter((line) => words.test(line));
      expect(told).toHaveLength(areKept ? 1 : 0);
      const { removed } = readManifest(await readFile(manifest, 'utf8'));
      expect(removed).toHaveLength(areKept ? 0 : 1);
      const isThere = await access(join(branch.folder, lines[0]?.file ?? '')).then(
        () => true,
        () => false,
      );
      expect(isThere).toBe(areKept);
      await course.close();
    },
  );
});
