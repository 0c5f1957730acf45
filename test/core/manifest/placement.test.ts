import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { placeMedia, type MediaIndex, type WriteSample } from '../../../core/manifest/index.js';

/** A file of pictures 40 ms apart, 1,000 bytes each. */
const PICTURE_MS = 40;
const PICTURE_BYTES = 1_000;

function fileOf(pictures: number): MediaIndex {
  return {
    positions: Array.from({ length: pictures }, (_, index) => index * PICTURE_BYTES),
    endsMs: Array.from({ length: pictures }, (_, index) => (index + 1) * PICTURE_MS),
  };
}

/** What a look each second sees of a file that is written as `arrivals` says: when each picture came in. */
function lookedAt(arrivals: readonly number[]): WriteSample[] {
  const samples: WriteSample[] = [];
  const lastMs = arrivals.at(-1) ?? 0;
  for (let nowMs = (arrivals[0] ?? 0) + 300; nowMs < lastMs + 1_000; nowMs += 1_000) {
    const written = arrivals.filter((arrival) => arrival <= nowMs);
    if (written.length === 0) continue;
    samples.push({ writtenAtMs: written.at(-1) as number, bytes: written.length * PICTURE_BYTES });
  }
  return samples;
}

function place(arrivals: readonly number[], nextStartMs?: number) {
  const placement = placeMedia({
    samples: lookedAt(arrivals),
    index: fileOf(arrivals.length),
    holes: [],
    ...(nextStartMs === undefined ? {} : { nextStartMs }),
  });
  if (placement === null) throw new Error('it has no place');
  return placement;
}

const live = (pictures: number, startMs: number): number[] =>
  Array.from({ length: pictures }, (_, index) => startMs + (index + 1) * PICTURE_MS);

describe('placeMedia', () => {
  it('places a steady stream where it was live', () => {
    expect(place(live(250, 5_000))).toMatchObject({
      fromMs: 5_000,
      toMs: 15_000,
      gaps: [],
      unsettled: false,
    });
  });

  it('is not fooled by a cache that is delivered at the start', () => {
    // Three seconds of pictures come at once, as a server does that keeps the last group of pictures.
    const arrivals = live(250, 5_000).map((arrival) => Math.max(arrival, 8_000));
    const { fromMs, toMs } = place(arrivals);
    expect(Math.abs(fromMs - 5_000)).toBeLessThan(100);
    expect(Math.abs(toMs - 15_000)).toBeLessThan(100);
  });

  it('is not fooled by media that comes in bursts', () => {
    const arrivals = live(250, 0).map((arrival) => Math.ceil(arrival / 2_000) * 2_000);
    const { fromMs, toMs, gaps } = place(arrivals);
    expect(gaps).toEqual([]);
    expect(Math.abs(fromMs)).toBeLessThan(100);
    expect(Math.abs(toMs - 10_000)).toBeLessThan(100);
  });

  it('finds a pause after which media goes on where it was', () => {
    const arrivals = live(500, 0).map((arrival) => (arrival > 5_000 ? arrival + 4_000 : arrival));
    const { fromMs, toMs, gaps } = place(arrivals);
    expect(fromMs).toBe(0);
    expect(toMs).toBe(24_000);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.kind).toBe('paused');
    expect((gaps[0]?.toMs ?? 0) - (gaps[0]?.fromMs ?? 0)).toBe(4_000);
    expect(Math.abs((gaps[0]?.fromMs ?? 0) - 5_000)).toBeLessThanOrEqual(1_000);
  });

  it('does not take a pause for a hole that a burst catches up with', () => {
    const arrivals = live(500, 0).map((arrival) => (arrival > 5_000 && arrival < 9_000 ? 9_000 : arrival));
    expect(place(arrivals)).toMatchObject({ fromMs: 0, toMs: 20_000, gaps: [] });
  });

  it('waits for the next file when it ends soon after a pause, and believes that one', () => {
    const arrivals = live(250, 0).map((arrival) => (arrival > 5_000 ? arrival + 4_000 : arrival));
    expect(place(arrivals)).toMatchObject({ unsettled: true, toMs: 14_000 });
    expect(place(arrivals, 10_000)).toMatchObject({ unsettled: false, toMs: 10_000, gaps: [] });
    expect(place(arrivals, 14_000)).toMatchObject({
      unsettled: false,
      toMs: 14_000,
      gaps: [{ kind: 'paused' }],
    });
  });

  it('takes what a program writes while it closes for media of before', () => {
    const arrivals = [...live(125, 0), ...Array.from({ length: 20 }, () => 20_000)];
    expect(place(arrivals)).toMatchObject({ fromMs: 0, gaps: [], toMs: 145 * PICTURE_MS });
  });

  it('reports media that is lost inside the file at its place on the clock', () => {
    const placement = placeMedia({
      samples: [{ writtenAtMs: 110_000, bytes: 250 * PICTURE_BYTES }],
      index: fileOf(250),
      holes: [{ fromMs: 4_000, toMs: 6_000 }],
    });
    expect(placement?.gaps).toEqual([{ kind: 'lost', fromMs: 104_000, toMs: 106_000 }]);
  });

  it('has no place for media that was never seen being written', () => {
    expect(placeMedia({ samples: [], index: fileOf(10), holes: [] })).toBeNull();
  });

  it('never ends before it begins, keeps gaps inside, and counts every pause once', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(delays, (waits) => {
        let nowMs = 0;
        const arrivals = waits.flatMap((wait) => {
          nowMs += wait;
          return Array.from({ length: 25 }, () => (nowMs += PICTURE_MS));
        });
        const { fromMs, toMs, gaps } = place(arrivals);
        expect(toMs).toBeGreaterThan(fromMs);
        expect(toMs).toBeLessThanOrEqual(arrivals.at(-1) as number);
        for (const [index, gap] of gaps.entries()) {
          expect(gap.fromMs).toBeGreaterThanOrEqual(index === 0 ? fromMs : (gaps[index - 1]?.toMs ?? 0));
          expect(gap.toMs).toBeLessThanOrEqual(toMs);
          expect(gap.toMs - gap.fromMs).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });
});
