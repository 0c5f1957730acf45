import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  barOf,
  coverageOf,
  lengthOf,
  readManifest,
  unionOf,
  type Coverage,
  type GapLine,
  type ManifestLine,
  type SegmentLine,
} from '../../../core/manifest/index.js';

const START_MS = Date.UTC(2026, 0, 1);
const at = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString();

function segment(from: number, to: number): SegmentLine {
  return { type: 'segment', file: `f${from}`, start: at(from), end: at(to), bytes: 10, frames: 5, run: 1 };
}

function gap(from: number, to: number, cause = 'network_disconnect'): GapLine {
  return { type: 'gap', from: at(from), to: at(to), cause, evidence: 'reset' };
}

function coverage(lines: readonly ManifestLine[], range = {}): Coverage {
  const found = coverageOf(readManifest(lines.map((line) => JSON.stringify(line)).join('\n')), range);
  if (found === null) throw new Error('nothing is covered');
  return found;
}

/** Lines as a recording writes them: segments and gaps one after the other, some segments with a pause inside. */
const recordings = fc
  .array(
    fc.record({ kind: fc.constantFrom('segment', 'gap', 'paused'), length: fc.integer({ min: 3, max: 90 }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((parts) => {
    let now = 0;
    return parts.flatMap(({ kind, length }) => {
      const from = now;
      now += length;
      if (kind === 'gap') return [gap(from, now)];
      if (kind === 'segment') return [segment(from, now)];
      return [gap(from + 1, from + 2, 'stream_timeout'), segment(from, now)];
    });
  });

describe('coverageOf', () => {
  it('adds up segments and gaps', () => {
    const found = coverage([segment(0, 60), gap(60, 70), segment(70, 100)]);
    expect(found).toMatchObject({
      recordedMs: 90_000,
      missingMs: 10_000,
      percent: 90,
      segments: 2,
      frames: 10,
      bytes: 20,
    });
    expect(found.gaps).toMatchObject([{ cause: 'network_disconnect', evidence: 'reset' }]);
  });

  it('takes a gap inside a segment off what is recorded', () => {
    expect(coverage([gap(10, 15), segment(0, 60)])).toMatchObject({ recordedMs: 55_000, missingMs: 5_000 });
  });

  it('counts media that two runs have recorded once', () => {
    expect(coverage([segment(0, 60), segment(58, 100)])).toMatchObject({ recordedMs: 100_000, missingMs: 0 });
  });

  it('says of a hole without a gap line that it is not explained', () => {
    expect(coverage([segment(0, 10), segment(20, 30)]).gaps).toMatchObject([{ cause: null }]);
  });

  it('leaves out what was before, and counts up to the end it is given', () => {
    const lines = [segment(0, 60), gap(60, 70), segment(70, 100)];
    expect(coverage(lines, { sinceMs: START_MS + 65_000 })).toMatchObject({
      recordedMs: 30_000,
      missingMs: 5_000,
      segments: 1,
    });
    expect(coverage(lines, { untilMs: START_MS + 110_000 })).toMatchObject({ missingMs: 20_000 });
    expect(
      coverageOf(
        { segments: [segment(0, 1)], gaps: [], removed: [], faults: [] },
        { sinceMs: START_MS + 5_000 },
      ),
    ).toBeNull();
    expect(coverageOf({ segments: [], gaps: [], removed: [], faults: [] })).toBeNull();
  });

  it('shows what was removed as removed: neither recorded nor missing', () => {
    const removed = { type: 'removed', file: 'f0', at: at(200), reason: 'older than 1d' } as const;
    const lines = [segment(0, 60), gap(60, 70), segment(70, 100), removed];
    const found = coverage(lines);
    expect(found).toMatchObject({
      recordedMs: 30_000,
      removedMs: 60_000,
      missingMs: 10_000,
      percent: 90,
      segments: 1,
      bytes: 10,
    });
    expect(found.gaps).toHaveLength(1);
    expect(barOf(found, 10)).toEqual([...Array(6).fill('removed'), 'gap', 'full', 'full', 'full']);
  });

  it('tiles the time with what is recorded and what is missing, in any order of lines', () => {
    fc.assert(
      fc.property(recordings, fc.integer({ min: 0, max: 200 }), (lines, since) => {
        const shuffled = [...lines].sort(
          (a, b) => JSON.stringify(a).length - JSON.stringify(b).length || (a.type < b.type ? 1 : -1),
        );
        for (const order of [lines, shuffled, lines.toReversed()]) {
          const found = coverageOf(readManifest(order.map((line) => JSON.stringify(line)).join('\n')), {
            sinceMs: START_MS + since * 1_000,
          });
          if (found === null) return;
          expect(found.recordedMs + found.missingMs).toBe(found.toMs - found.fromMs);
          expect(lengthOf(found.gaps)).toBe(found.missingMs);
          expect(unionOf([...found.recorded, ...found.gaps])).toEqual([
            { fromMs: found.fromMs, toMs: found.toMs },
          ]);
          expect(found).toEqual(
            coverageOf(readManifest(lines.map((line) => JSON.stringify(line)).join('\n')), {
              sinceMs: START_MS + since * 1_000,
            }),
          );
        }
      }),
    );
  });
});

describe('barOf', () => {
  it('shows even a short hole in its slice', () => {
    const found = coverage([segment(0, 86_000), gap(86_000, 86_001), segment(86_001, 86_400)]);
    const bar = barOf(found, 60);
    expect(bar.filter((cell) => cell === 'partial')).toHaveLength(1);
    expect(bar.filter((cell) => cell === 'full')).toHaveLength(59);
  });

  it('has a full cell exactly where all is recorded and a gap exactly where nothing is', () => {
    fc.assert(
      fc.property(recordings, fc.integer({ min: 1, max: 80 }), (lines, width) => {
        const found = coverage(lines);
        const bar = barOf(found, width);
        expect(bar).toHaveLength(width);
        if (found.missingMs === 0) expect(new Set(bar)).toEqual(new Set(['full']));
        if (found.recordedMs === 0) expect(new Set(bar)).toEqual(new Set(['gap']));
        if (found.missingMs > 0) expect(bar.some((cell) => cell !== 'full')).toBe(true);
      }),
    );
  });
});
