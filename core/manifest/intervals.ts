/** A stretch of time in milliseconds since 1970; `toMs` does not belong to it. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same stretches, ordered, with those that touch or overlap made one. Empty ones vanish. */
export function unionOf(intervals: readonly Interval[]): Interval[] {
  const ordered = intervals.filter(isNotEmpty).sort((a, b) => a.fromMs - b.fromMs);
  const union: Interval[] = [];
  for (const interval of ordered) {
    const last = union.at(-1);
    if (last === undefined || interval.fromMs > last.toMs)
      union.push({ fromMs: interval.fromMs, toMs: interval.toMs });
    else if (interval.toMs > last.toMs)
      union[union.length - 1] = { fromMs: last.fromMs, toMs: interval.toMs };
  }
  return union;
}

/** What of `whole` is not in `removed`. Both in any order. */
export function subtract(whole: readonly Interval[], removed: readonly Interval[]): Interval[] {
  const holes = unionOf(removed);
  const rest: Interval[] = [];
  let first = 0;
  for (const interval of unionOf(whole)) {
    while (first < holes.length && (holes[first] as Interval).toMs <= interval.fromMs) first += 1;
    let fromMs = interval.fromMs;
    for (let index = first; index < holes.length; index += 1) {
      const hole = holes[index] as Interval;
      if (hole.fromMs >= interval.toMs) break;
      rest.push({ fromMs, toMs: hole.fromMs });
      fromMs = hole.toMs;
    }
    rest.push({ fromMs, toMs: interval.toMs });
  }
  return rest.filter(isNotEmpty);
}

/** The part of each stretch that lies within `bounds`. */
export function clip(intervals: readonly Interval[], bounds: Interval): Interval[] {
  return intervals.map((interval) => clipOne(interval, bounds)).filter(isNotEmpty);
}

/** The part of a stretch that lies within `bounds`; empty when there is none. */
export function clipOne(interval: Interval, bounds: Interval): Interval {
  const fromMs = Math.max(interval.fromMs, bounds.fromMs);
  return { fromMs, toMs: Math.max(fromMs, Math.min(interval.toMs, bounds.toMs)) };
}

/** Sum of the lengths. */
export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, interval) => sum + interval.toMs - interval.fromMs, 0);
}

function isNotEmpty(interval: Interval): boolean {
  return interval.toMs > interval.fromMs;
}
