import { workflowInfo } from '@temporalio/workflow';
import { runKeyOf, type RunEnd } from '../../core/run.js';
import { runProxy } from '../../workflows/proxies.js';

/** The host is silent for this long before a run is taken for lost: the default of a stream. */
const HEARTBEAT_TIMEOUT_MS = 30_000;

/** One run of a trivial child, as any workflow starts one. */
export async function supervisedRun(host: string): Promise<RunEnd> {
  const { workflowId } = workflowInfo();
  return await runProxy(host, HEARTBEAT_TIMEOUT_MS, 'trivial child').startRun({
    runKey: runKeyOf(workflowId, 'main', 1),
    workflowId,
    branch: 'main',
    run: 1,
    recipe: { kind: 'command', argv: ['sleep', '86400'], progress: 'none' },
    stallTimeoutMs: 15_000,
    locks: [],
  });
}
