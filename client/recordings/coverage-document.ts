import type { Interval } from '../../core/manifest/index.js';
import type { BranchCoverage, InstanceCoverage } from './instance-coverage.js';
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

function ofBranch({ branch, folder, coverage, open, faults }: BranchCoverage) {
  const openSegment =
    open === null
      ? null
      : { file: open.file, bytes: open.bytes, since: iso(open.sinceMs), written: iso(open.writtenMs) };
  if (coverage === null) return { branch, folder, from: null, to: null, gaps: [], open: openSegment, faults };
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
    open: openSegment,
    faults,
  };
}

function isoSpan({ fromMs, toMs }: Interval) {
  return { from: iso(fromMs), to: iso(toMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
