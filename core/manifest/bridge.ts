import { MEDIA_CAUSES, type MediaCause } from '../causes.js';
import type { GapLine, SegmentLine } from './line.js';
import type { InnerGap } from './placement.js';
import type { RunFacts } from './run-facts.js';

/** Two segments of one run that are this close belong together: media has no hole, the clock has jitter. */
const JOIN_MAX_MS = 1_000;
/** Rounding and a packet's length make no hole between two runs. */
const HOLE_MIN_MS = 50;
/** HLS media that follows on may come late by this many segments: the playlist shows it only when it is whole. */
const LATE_SEGMENTS_MAX = 2;
const LATE_MS = 2_000;

/** What lies between the last segment of the manifest and the next one. */
export interface BridgeInput {
  readonly previous: SegmentLine;
  readonly run: number;
  /** Where the next segment begins by its own clock. */
  readonly startMs: number;
  /** Known runs in order, from the previous segment's to the next one's. */
  readonly runs: readonly RunFacts[];
}

export interface Bridge {
  /** Where the next segment begins after all. */
  readonly startMs: number;
  readonly gap: GapLine | null;
}

/** Joins a segment to the one before it, or says what is missing between them and why. */
export function bridge(input: BridgeInput): Bridge {
  const previousEndMs = Date.parse(input.previous.end);
  const holeMs = input.startMs - previousEndMs;
  if (input.run === input.previous.run) {
    if (holeMs < JOIN_MAX_MS) return { startMs: previousEndMs, gap: null };
    return { startMs: input.startMs, gap: gapLine(previousEndMs, input.startMs, pauseReason(holeMs)) };
  }
  const latenessMs = followsOn(input);
  if (latenessMs !== null && holeMs < latenessMs) return { startMs: previousEndMs, gap: null };
  if (holeMs < HOLE_MIN_MS) return { startMs: input.startMs, gap: null };
  return { startMs: input.startMs, gap: gapLine(previousEndMs, input.startMs, reasonBetween(input)) };
}

/** The gap lines of what is missing inside a segment. */
export function innerGapLines(file: string, gaps: readonly InnerGap[]): GapLine[] {
  return gaps.map((gap) => {
    const lengthMs = gap.toMs - gap.fromMs;
    const reason =
      gap.kind === 'paused'
        ? pauseReason(lengthMs)
        : { cause: 'buffer_underrun', evidence: `media time jumps by ${seconds(lengthMs)} in ${file}` };
    return gapLine(gap.fromMs, gap.toMs, reason);
  });
}

interface Reason {
  readonly cause: string;
  readonly evidence: string;
}

function pauseReason(lengthMs: number): Reason {
  return {
    cause: 'stream_timeout',
    evidence: `the source delivered nothing for ${seconds(lengthMs)} and then went on`,
  };
}

/** How late the first HLS segment of a run may seem when it follows the last recorded one; null when it does not. */
function followsOn(input: BridgeInput): number | null {
  const facts = input.runs.find((run) => run.run === input.run);
  const resumesAfter = facts?.resumesAfter ?? null;
  const hls = facts?.hls ?? null;
  if (resumesAfter === null || hls === null || resumesAfter.run !== input.previous.run) return null;
  if (hls.firstSequence !== resumesAfter.sequence + 1) return null;
  return LATE_SEGMENTS_MAX * hls.segmentMs + LATE_MS;
}

function reasonBetween(input: BridgeInput): Reason {
  const before = input.runs.filter((run) => run.run >= input.previous.run && run.run < input.run);
  const empty = before.filter((run) => run.run > input.previous.run);
  const ended = before.find((run) => run.run === input.previous.run);
  // A cut is taken up at once: if the runs after it failed, they are why there is a hole.
  const decisive = ended?.end?.outcome === 'cut' && empty[0]?.end?.outcome === 'failed' ? empty[0] : ended;
  const parts = [
    decisive?.end?.detail || `the end of run ${input.previous.run} was not noted`,
    emptyRuns(input.run - input.previous.run - 1, empty.at(-1)),
    decisive?.invalid ?? '',
    skippedSegments(input),
  ];
  return { cause: causeOf(decisive), evidence: parts.filter((part) => part !== '').join('; ') };
}

function causeOf(run: RunFacts | undefined): string {
  const end = run?.end ?? null;
  switch (end?.outcome) {
    case 'stopped':
      return end.cause ?? 'stopped';
    case 'ended':
      return 'not_live' satisfies MediaCause;
    case 'cut':
      return 'source_changed';
    default:
      return end?.cause ?? ('unknown' satisfies MediaCause);
  }
}

function emptyRuns(count: number, last: RunFacts | undefined): string {
  if (count <= 0) return '';
  const words = count === 1 ? '1 run after it recorded nothing' : `${count} runs after it recorded nothing`;
  const end = last?.end;
  return end ? `${words}, the last one: ${describe(end.cause)}${end.detail}` : words;
}

function describe(cause: string | null): string {
  return cause !== null && cause in MEDIA_CAUSES ? `${cause}, ` : '';
}

function skippedSegments(input: BridgeInput): string {
  const skipped = input.runs.find((run) => run.run === input.run)?.hls?.skipped;
  if (skipped === undefined) return '';
  return `the playlist no longer held the segments ${skipped.from} to ${skipped.to}`;
}

function gapLine(fromMs: number, toMs: number, reason: Reason): GapLine {
  return { type: 'gap', from: isoInstant(fromMs), to: isoInstant(toMs), ...reason };
}

/** ISO 8601 with milliseconds, UTC. */
export function isoInstant(instantMs: number): string {
  return new Date(Math.round(instantMs)).toISOString();
}

function seconds(lengthMs: number): string {
  return `${(lengthMs / 1_000).toFixed(1)} s`;
}
