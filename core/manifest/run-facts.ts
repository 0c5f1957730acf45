import type { RunOutcome } from '../run.js';

/** Folder beside the segments of a branch where the facts of its runs are. */
export const STATE_FOLDER = '.state';

const FILE_PATTERN = /^run-(\d+)\.json$/;

/** How a run ended, as far as a gap line needs it. */
export interface RunEndFacts {
  readonly outcome: RunOutcome;
  readonly cause: string | null;
  readonly detail: string;
  readonly endedAt: string;
}

/** Media sequence numbers of an HLS run. */
export interface HlsFacts {
  /** The first segment the run has fed; null before there is one. */
  readonly firstSequence: number | null;
  /** Numbers that the playlist no longer held when the run began. */
  readonly skipped?: { readonly from: number; readonly to: number };
  /** Length of a segment. */
  readonly segmentMs: number;
}

/** What must be known of a run until the next one has been recorded. */
export interface RunFacts {
  readonly run: number;
  readonly runKey: string;
  readonly plannedAt: string;
  /** Facts of our reader, one JSON object a line; null when ffmpeg reads the source itself. */
  readonly readerFile: string | null;
  /** HLS: the sequence after which the run was told to take up, and the run that recorded it. */
  readonly resumesAfter: { readonly sequence: number; readonly run: number } | null;
  readonly hls: HlsFacts | null;
  readonly end: RunEndFacts | null;
  /** Segments that could not be played, with the reason: at most one sentence. */
  readonly invalid: string | null;
  /** The place to resume at has been worked out. */
  readonly concluded: boolean;
}

/** Name of the file with the facts of a run, a JSON document that white space may follow. */
export function runFactsFile(run: number): string {
  return `run-${run}.json`;
}

/** The run whose facts are in a file of this name; null when it is another file. */
export function runOfFactsFile(file: string): number | null {
  const run = FILE_PATTERN.exec(file)?.[1];
  return run === undefined ? null : Number(run);
}
