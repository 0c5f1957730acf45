/** The states of an instance and of each of its branches: one vocabulary for both. */
export const STATES = [
  'starting',
  'running',
  'degraded',
  'retrying',
  'waiting_signal',
  'waiting_live',
  'waiting_host',
  'paused',
  'stopping',
  'stopped',
  'error',
] as const;

export type State = (typeof STATES)[number];

/** True when nothing more will happen without a person. */
export function isTerminal(state: State): boolean {
  return state === 'stopped' || state === 'error';
}
