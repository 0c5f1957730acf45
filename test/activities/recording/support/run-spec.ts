import { runKeyOf, type Recipe, type RunSpec } from '../../../../core/run.js';
import type { HarnessOptions } from './run-harness.js';

/** A run of a stream, or of a capture where a hub is given. */
export function specOf(url: string, run: number, options: HarnessOptions = {}): RunSpec {
  const record = { container: options.container ?? 'mpegts', segmentMs: options.segmentMs ?? 3_000 };
  const [workflowId, branch, recipe]: [string, string, Recipe] =
    options.hub === undefined
      ? ['stream/alice', 'recording', { kind: 'record-source', media: { url }, record }]
      : [
          'capture/desk',
          'tape',
          { kind: 'record-hub', hub: options.hub, record, storage: options.storage ?? {} },
        ];
  return {
    runKey: runKeyOf(workflowId, branch, run),
    workflowId,
    branch,
    run,
    recipe,
    stallTimeoutMs: 15_000,
    locks: [],
  };
}
