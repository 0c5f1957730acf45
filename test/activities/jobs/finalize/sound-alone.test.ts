// Options and places are pure: what a file is made of is decided before ffmpeg runs.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Part } from '../../../../activities/jobs/media/part.js';
import { withoutSoundAlone } from '../../../../activities/jobs/media/sound-alone.js';
import { joinTime, placeParts } from '../../../../activities/jobs/media/timeline.js';

interface Made {
  readonly run?: number;
  readonly file?: string;
  readonly fromMs?: number;
  readonly lengthMs?: number;
  readonly soundBeforeMs?: number;
  readonly leading?: number;
  readonly trailing?: number;
}

function partOf({
  run = 1,
  file = 'a.ts',
  fromMs = 0,
  lengthMs = 2_000,
  soundBeforeMs = 0,
  leading = 0,
  trailing = 0,
}: Made): Part {
  return {
    line: {
      type: 'segment',
      file,
      start: '2026-01-31T12:00:00Z',
      end: '2026-01-31T12:00:02Z',
      bytes: 1,
      frames: 50,
      run,
    },
    layout: 'ts',
    streams: [
      { index: 0, kind: 'video', packets: 50, leading: 0, trailing: 0 },
      { index: 1, kind: 'audio', packets: 90, leading, trailing },
    ],
    fileStartMs: fromMs - soundBeforeMs,
    fromMs,
    toMs: fromMs + lengthMs,
    latestMs: fromMs + lengthMs + 20,
    holes: [],
    frames: 50,
    framesBeforeKey: 0,
  };
}

describe('sound without pictures', () => {
  it('is left out where a run begins and ends, and nowhere else', () => {
    const group = placeParts([
      partOf({ leading: 3, trailing: 1 }),
      partOf({ fromMs: 2_000, leading: 1, trailing: 2 }),
      partOf({ fromMs: 90_000, run: 2, leading: 4 }),
    ]);
    expect(withoutSoundAlone(group)).toEqual([
      '-bsf:a:0',
      "noise=drop='between(n,0,2)+between(n,178,179)+between(n,180,183)'",
    ]);
  });

  it('needs no option when there is none', () => {
    expect(withoutSoundAlone(placeParts([partOf({}), partOf({ fromMs: 2_000 })]))).toEqual([]);
  });
});

describe('the places of segments', () => {
  const runs = fc.array(
    fc.record({
      run: fc.integer({ min: 1, max: 3 }),
      file: fc.constantFrom('a.ts', 'a.mp4', 'a.mkv'),
      fromMs: fc.integer({ min: 0, max: 95_443_717 }),
      lengthMs: fc.integer({ min: 40, max: 600_000 }),
      soundBeforeMs: fc.integer({ min: 0, max: 1_000 }),
    }),
    { minLength: 1, maxLength: 20 },
  );

  it('let pictures follow each other without overlap, from 0 on, whatever the clocks say', () => {
    fc.assert(
      fc.property(runs, (made) => {
        const { parts, lengthMs } = placeParts(made.map(partOf));
        expect(joinTime(parts[0]!, parts[0]!.part.fromMs)).toBeCloseTo(0, 3);
        for (const [index, placed] of parts.entries()) {
          const next = parts[index + 1];
          const endMs = joinTime(placed, placed.part.toMs);
          if (next === undefined) expect(lengthMs).toBeCloseTo(endMs, 3);
          else {
            const breakMs = joinTime(next, next.part.fromMs) - endMs;
            expect(breakMs).toBeGreaterThanOrEqual(-100.001);
            expect(breakMs).toBeLessThan(1_000);
          }
        }
      }),
    );
  });
});
