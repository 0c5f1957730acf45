import { activityInfo, CompleteAsyncError, Context } from '@temporalio/activity';
import type { HostActivities, StopRunInput } from '../../core/activity-contract.js';
import type { RunEnd, RunKey, RunSpec } from '../../core/run.js';
import { HEARTBEAT_TIMEOUT_DEFAULT_MS } from './limits.js';
import type { Lease } from './owner.js';
import type { StartOutcome } from './start-run.js';
import type { StopReason } from './stop-run.js';

const STOP_HEARTBEAT_INTERVAL_MS = 1_000;

export type CustodyActivities = Pick<HostActivities, 'startRun' | 'stopRun' | 'pingHost'>;

/** What custody does, without Temporal around it. Both wait until this process is the custodian. */
export interface CustodyOperations {
  /**
   * Starts or adopts the run; its end is reported to this lease. Idempotent by run key. A run that was told to stop after
   * `scheduledAtMs` (default: now) is not started any more.
   */
  adoptOrStart(spec: RunSpec, lease: Lease, scheduledAtMs?: number): Promise<StartOutcome>;
  /** Ends a run by the stop ladder; null when there is no trace of it. */
  stopRun(runKey: RunKey, why: StopReason, scheduledAtMs?: number): Promise<RunEnd | null>;
}

/** The custody part of a host's activities. `startRun` is completed by token, long after the function has ended. */
export function createCustodyActivities(operations: CustodyOperations, host: string): CustodyActivities {
  return {
    async startRun(spec) {
      const { taskToken, heartbeatTimeoutMs, scheduledTimestampMs } = activityInfo();
      const lease = {
        token: Buffer.from(taskToken).toString('base64'),
        heartbeatTimeoutMs: heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_DEFAULT_MS,
      };
      const outcome = await operations.adoptOrStart(spec, lease, scheduledTimestampMs);
      if (outcome.kind === 'ended') return outcome.end;
      throw new CompleteAsyncError();
    },

    async stopRun({ runKey, reason, cause }: StopRunInput) {
      const context = Context.current();
      const timer = setInterval(() => context.heartbeat(), STOP_HEARTBEAT_INTERVAL_MS);
      try {
        return await operations.stopRun(runKey, { reason, cause }, context.info.scheduledTimestampMs);
      } finally {
        clearInterval(timer);
      }
    },

    async pingHost() {
      return { host };
    },
  };
}
