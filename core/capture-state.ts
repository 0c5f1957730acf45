import type { BranchStatus } from './instance-status.js';
import type { State } from './states.js';

/** Name of the branch that encodes; outputs are called as the configuration says. */
export const INGEST_BRANCH = 'ingest';

/** One output as the state of its capture depends on it. */
export interface OutputState {
  readonly status: Pick<BranchStatus, 'name' | 'state' | 'detail'>;
  /** Given up until somebody says `retry`. */
  readonly isGone: boolean;
}

/** States of an output in which it does not do its work although it should. */
const IMPAIRED: ReadonlySet<State> = new Set(['retrying', 'waiting_host', 'error']);

/**
 * The state of a capture from those of its branches: that of the ingest as long as it does not run, `degraded` while an output fails,
 * and `error` when all of them are gone.
 */
export function captureState(
  ingest: Pick<BranchStatus, 'state' | 'detail'>,
  outputs: readonly OutputState[],
): { readonly state: State; readonly detail: string } {
  if (ingest.state !== 'running') return { state: ingest.state, detail: ingest.detail };
  if (allGone(outputs)) return { state: 'error', detail: `no output is left: ${detailsOf(outputs)}` };
  const impaired = outputs.filter(({ status, isGone }) => isGone || IMPAIRED.has(status.state));
  if (impaired.length > 0) return { state: 'degraded', detail: detailsOf(impaired) };
  return { state: 'running', detail: outputsInWords(outputs.length) };
}

/** True when there were outputs and each of them has been given up. */
export function allGone(outputs: readonly OutputState[]): boolean {
  return outputs.length > 0 && outputs.every(({ isGone }) => isGone);
}

/** What an output does while its ingest does not deliver, in words; its own detail otherwise. */
export function detailOfOutput(
  output: Pick<BranchStatus, 'state' | 'detail'>,
  ingest: Pick<BranchStatus, 'state'>,
): string {
  return output.state === 'running' && ingest.state !== 'running'
    ? `idle: the ingest is ${ingest.state.replaceAll('_', ' ')}`
    : output.detail;
}

function detailsOf(outputs: readonly OutputState[]): string {
  return outputs.map(({ status }) => `${status.name}: ${status.state} (${status.detail})`).join('; ');
}

function outputsInWords(count: number): string {
  if (count === 0) return 'encoding, no outputs';
  return count === 1 ? 'encoding for 1 output' : `encoding for ${count} outputs`;
}
