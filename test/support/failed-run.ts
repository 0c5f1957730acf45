import type { MediaCause } from '../../core/causes.js';
import type { RunEnd, RunSpec } from '../../core/run.js';

/** The end of a run that has failed before it delivered anything. */
export function failedRun({ runKey }: RunSpec, cause: MediaCause, detail: string): RunEnd {
  const now = new Date().toISOString();
  return {
    runKey,
    outcome: 'failed',
    cause,
    detail,
    logTail: '',
    exitCode: 1,
    exitSignal: null,
    startedAt: now,
    endedAt: now,
    firstProgressAt: null,
    healthyMs: 0,
    progress: null,
  };
}
