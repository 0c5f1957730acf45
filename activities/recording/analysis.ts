import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSlot, writeSlot } from '../custody/slot-file.js';
import type { BranchFolders } from './folders.js';

/**
 * How long ffmpeg looks at a source before it writes. Short is good for the first byte on disk, but a stream whose parameters show up later
 * (the first key frame, audio that begins after the picture) cannot be recorded then: the next run looks longer.
 */
const LOOK_MS = [2_500, 8_000, 25_000] as const;
const SLOT_BYTES = 512;
/** A source with more streams than this that cannot be understood is not worth another try. */
const EXCLUDED_STREAMS_MAX = 16;

/** How a source has to be looked at. */
export interface Analysis {
  readonly lookMs: number;
  /** Streams that stayed unknown however long ffmpeg looked: they are left out, so that the others can be recorded. */
  readonly excludedStreams: readonly number[];
}

const SHORT_LOOK: Analysis = { lookMs: LOOK_MS[0], excludedStreams: [] };

/** What earlier runs of the branch have learnt. */
export function readAnalysis(folders: BranchFolders): Analysis {
  try {
    const { lookMs, excludedStreams } = JSON.parse(readFileSync(folders.analysisFile, 'utf8')) as Analysis;
    return Number.isFinite(lookMs) && Array.isArray(excludedStreams)
      ? { lookMs, excludedStreams }
      : SHORT_LOOK;
  } catch {
    return SHORT_LOOK;
  }
}

/**
 * Notes that a run could not begin because ffmpeg had not seen enough, when `log` says so.
 * @returns True when the next run will look at the source in another way.
 */
export function lookLonger(folders: BranchFolders, log: string): boolean {
  const unknown = [...log.matchAll(/Could not find codec parameters for stream (\d+)/g)].map((match) =>
    Number(match[1]),
  );
  if (unknown.length === 0) return false;
  const before = readAnalysis(folders);
  const lookMs = LOOK_MS.find((candidate) => candidate > before.lookMs);
  const excludedStreams = [...new Set([...before.excludedStreams, ...unknown])];
  if (lookMs !== undefined) return keep(folders, { ...before, lookMs });
  if (excludedStreams.length === before.excludedStreams.length) return false;
  if (excludedStreams.length > EXCLUDED_STREAMS_MAX) return false;
  return keep(folders, { ...before, excludedStreams });
}

function keep(folders: BranchFolders, analysis: Analysis): boolean {
  try {
    mkdirSync(dirname(folders.analysisFile), { recursive: true });
    if (existsSync(folders.analysisFile)) writeSlot(folders.analysisFile, analysis);
    else createSlot(folders.analysisFile, SLOT_BYTES, analysis);
    return true;
  } catch {
    return false;
  }
}
