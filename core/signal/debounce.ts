/** What a probe answered: a signal, none, or nothing that can be relied on. */
export type SignalReading = 'signal' | 'no_signal' | 'unknown';

/** When the probe alone is believed. */
export interface DebounceRule {
  readonly until: 'loss' | 'return';
  /** The probe must have said so for this long, without a word to the contrary. */
  readonly holdMs: number;
}

/** What the readings so far amount to. Instants are milliseconds of any clock that never goes back. */
export interface DebounceState {
  /** The first of the readings that speak for the change, or null while none does. */
  readonly sinceMs: number | null;
  /** Since when the probe could not tell, or null when its last reading was an answer. */
  readonly silentSinceMs: number | null;
  /** The change is believed. */
  readonly settled: boolean;
}

export const DEBOUNCE_START: DebounceState = { sinceMs: null, silentSinceMs: null, settled: false };

/**
 * Takes one reading into account.
 *
 * A reading for the change starts the clock and, after `holdMs`, settles it; one to the contrary resets it. A probe that
 * cannot tell has said nothing: it never starts the clock and never settles it, and a short silence does not reset it, so
 * that one failed question does not hide a loss. A silence of `holdMs` or longer does: what was seen before it is too old
 * to be half of a proof.
 */
export function debounce(
  state: DebounceState,
  reading: SignalReading,
  atMs: number,
  { until, holdMs }: DebounceRule,
): DebounceState {
  if (state.settled) return state;
  if (reading === 'unknown') return { ...state, silentSinceMs: state.silentSinceMs ?? atMs };
  if ((reading === 'signal') !== (until === 'return')) return DEBOUNCE_START;
  const forgotten = state.silentSinceMs !== null && atMs - state.silentSinceMs >= holdMs;
  const sinceMs = forgotten ? atMs : (state.sinceMs ?? atMs);
  return { sinceMs, silentSinceMs: null, settled: atMs - sinceMs >= holdMs };
}

/** How long until a further reading can settle it; null while no fresh reading speaks for the change. */
export function settlesInMs(
  { sinceMs, silentSinceMs }: DebounceState,
  nowMs: number,
  { holdMs }: DebounceRule,
): number | null {
  return sinceMs === null || silentSinceMs !== null ? null : Math.max(0, sinceMs + holdMs - nowMs);
}
