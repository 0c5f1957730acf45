import type { RunEnd } from '../../core/run.js';
import { filesOf } from './run-files.js';
import type { Verdict } from './run-records.js';
import type { CustodyServices } from './services.js';
import { readSlot } from './slot-file.js';

/** Ends of a branch's runs: those being settled, and those whose directories are kept for a while. */
export function recentEnds(services: CustodyServices, workflowId: string, branch: string): RunEnd[] {
  const settling = services.registry.ofBranch(workflowId, branch).map(({ verdict }) => verdict);
  const finished = services.finished
    .directoriesOf(workflowId, branch)
    .map((runDir) => readSlot(filesOf(runDir).verdictFile) as Verdict | null);
  return [...settling, ...finished].flatMap((verdict) => (verdict === null ? [] : [verdict.end]));
}
