import { fileTimeAt, joinTime, type PartGroup, type PlacedPart } from './timeline.js';
import { inWords, mediaBefore, type MissingTime } from './wall-clock.js';

/** A chapter of a joined file, in its own time. */
export interface Chapter {
  readonly startMs: number;
  readonly endMs: number;
  readonly title: string;
}

/** Players show no more, and the header of the file grows with each. */
export const CHAPTERS_MAX = 200;
/** The chapters of a joined file: one from its start, and one from each gap on. None without gaps. */
export function chaptersOf(group: PartGroup, missing: readonly MissingTime[]): Chapter[] {
  const first = group.parts[0];
  const last = group.parts.at(-1);
  if (first === undefined || last === undefined) return [];
  const startMs = Date.parse(first.part.line.start);
  const endMs = Date.parse(last.part.line.end);
  const within = missing.filter((gap) => gap.fromMs > startMs && gap.toMs < endMs);
  const longest = within
    .toSorted((left, right) => lengthOf(right) - lengthOf(left))
    .slice(0, CHAPTERS_MAX - 1);
  const marks = new Map<number, string[]>();
  for (const gap of within.filter((candidate) => longest.includes(candidate))) {
    const atMs = Math.round(fileInstant(group, missing, gap.toMs));
    marks.set(atMs, [...(marks.get(atMs) ?? []), titleOf(gap)]);
  }
  const begins = [...marks].sort(([left], [right]) => left - right).filter(([atMs]) => atMs > 0);
  if (begins.length === 0) return [];
  const opening: [number, string[]] = [0, [`from ${inWords(startMs)}`]];
  return [opening, ...begins].map(([atMs, titles], index, all) => ({
    startMs: atMs,
    endMs: all[index + 1]?.[0] ?? Math.round(joinTime(last, last.part.toMs)),
    title: titles.join('; '),
  }));
}

/** Time in the joined file of an instant on the wall clock. */
function fileInstant(group: PartGroup, missing: readonly MissingTime[], instantMs: number): number {
  const first = group.parts[0] as PlacedPart;
  const placed = group.parts.find(({ part }) => Date.parse(part.line.end) > instantMs) ?? first;
  const mediaMs = mediaBefore(placed.part.line, missing, instantMs);
  return joinTime(placed, fileTimeAt(placed.part, mediaMs));
}

function titleOf(gap: MissingTime): string {
  return `${gap.cause}, ${(lengthOf(gap) / 1_000).toFixed(1)} s missing, on from ${inWords(gap.toMs)}`;
}

function lengthOf(gap: MissingTime): number {
  return gap.toMs - gap.fromMs;
}
