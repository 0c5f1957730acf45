import type { Interval } from '../../core/manifest/index.js';
import type { BranchCoverage, InstanceCoverage } from './instance-coverage.js';
import type { PendingGap } from './pending-gap.js';
import { togetherOf } from './together.js';

/** The coverage of an instance as one JSON document: instants as ISO 8601, as in the manifest. */
export function coverageDocument(instance: InstanceCoverage) {
  const together = togetherOf(instance.branches);
  if (together === null) return { id: instance.id, branches: instance.branches.map(ofBranch), together };
  const { fromMs, toMs, ...totals } = together;
  return {
    id: instance.id,
    branches: instance.branches.map(ofBranch),
    together: { from: iso(fromMs), to: iso(toMs), ...totals },
  };
}

function ofBranch({ branch, folder, coverage, open, pending, faults }: BranchCoverage) {
  const openSegment =
    open === null
      ? null
      : { file: open.file, bytes: open.bytes, since: iso(open.sinceMs), written: iso(open.writtenMs) };
  const unlisted = { open: openSegment, pending: pending === null ? null : ofPending(pending) };
  if (coverage === null) return { branch, folder, from: null, to: null, gaps: [], ...unlisted, faults };
  const { fromMs, toMs, recorded, removed, gaps, ...totals } = coverage;
  return {
    branch,
    folder,
    from: iso(fromMs),
    to: iso(toMs),
    ...totals,
    recorded: recorded.map(isoSpan),
    removed: removed.map(isoSpan),
    gaps: gaps.map((gap) => ({
      from: iso(gap.fromMs),
      to: iso(gap.toMs),
      durationMs: gap.toMs - gap.fromMs,
      cause: gap.cause,
      evidence: gap.evidence,
    })),
    ...unlisted,
    faults,
  };
}

function ofPending({ fromMs, toMs, durationMs, cause, evidence }: PendingGap) {
  return {
    from: iso(fromMs),
    to: toMs === null ? null : iso(toMs),
    durationMs,
    cause,
    evidence,
  };
}

function isoSpan({ fromMs, toMs }: Interval) {
  return { from: iso(fromMs), to: iso(toMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
