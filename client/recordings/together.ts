import { lengthOf, unionOf } from '../../core/manifest/index.js';
import type { BranchCoverage } from './instance-coverage.js';

/** What several recordings of one instance have together. */
export interface TogetherCoverage {
  /** Milliseconds since 1970: from the first line of any branch to the last line of any. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly branches: number;
  /** Time that is on disk in one branch at least. */
  readonly recordedMs: number;
  /** Time that no branch has ever had: what a retention setting has removed was there. */
  readonly missingMs: number;
  /** Sums over all branches. */
  readonly segments: number;
  readonly frames: number;
  readonly bytes: number;
}

/** Adds branches up; null unless two of them have recorded something: one alone says it all itself. */
export function togetherOf(branches: readonly BranchCoverage[]): TogetherCoverage | null {
  const coverages = branches.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
  if (coverages.length < 2) return null;
  const fromMs = Math.min(...coverages.map((coverage) => coverage.fromMs));
  const toMs = Math.max(...coverages.map((coverage) => coverage.toMs));
  const recorded = unionOf(coverages.flatMap((coverage) => coverage.recorded));
  const everRecorded = unionOf([...recorded, ...coverages.flatMap(({ removed }) => removed)]);
  const sum = (valueOf: (coverage: (typeof coverages)[number]) => number) =>
    coverages.reduce((total, coverage) => total + valueOf(coverage), 0);
  return {
    fromMs,
    toMs,
    branches: coverages.length,
    recordedMs: lengthOf(recorded),
    missingMs: toMs - fromMs - lengthOf(everRecorded),
    segments: sum(({ segments }) => segments),
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
  };
}
