import { captureState, detailOfOutput, type OutputState } from '../../core/capture-state.js';
import { INCIDENTS_KEPT, type BranchStatus, type InstanceStatus } from '../../core/instance-status.js';
import type { State } from '../../core/states.js';
import type { CaptureInstance } from './instance.js';

/** The state that was last shown, and since when it has been so. */
export interface ShownState {
  readonly state: State;
  readonly since: string;
}

/** What a capture says of itself: ingest first, then its outputs. */
export function statusOf(capture: CaptureInstance, shown: ShownState): InstanceStatus {
  const ingest = capture.ingest.record.status();
  const outputs = capture.outputs.map((output): OutputState & { readonly status: BranchStatus } => {
    const status = output.record.status();
    return { status: { ...status, detail: detailOfOutput(status, ingest) }, isGone: output.isGone };
  });
  const { state, detail } = stateOf(capture, ingest, outputs);
  const records = capture.branches.map(({ record }) => record);
  return {
    id: capture.workflowId,
    kind: 'capture',
    name: capture.config.id,
    host: capture.hostName,
    state,
    detail,
    since: state === shown.state ? shown.since : new Date().toISOString(),
    startedAt: capture.startedAt,
    retries: records.reduce((sum, { attempt }) => sum + attempt, 0),
    incidents: records
      .flatMap(({ incidents }) => incidents)
      .sort((left, right) => right.at.localeCompare(left.at))
      .slice(0, INCIDENTS_KEPT),
    incidentCount: records.reduce((sum, { incidentCount }) => sum + incidentCount, 0),
    branches: [ingest, ...outputs.map(({ status }) => status)],
    config: capture.raw,
  };
}

function stateOf(
  { failure }: CaptureInstance,
  ingest: BranchStatus,
  outputs: readonly OutputState[],
): { readonly state: State; readonly detail: string } {
  if (failure !== null) return { state: 'error', detail: `${failure.cause}: ${failure.detail}` };
  return captureState(ingest, outputs);
}
