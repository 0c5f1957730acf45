import type { RunKey } from '../../core/run.js';

/** A task that was scheduled before a stop reaches the host within moments of it, if at all. */
const KEPT_MS = 120_000;
/** Far more runs than a host has. */
const KEPT_MAX = 10_000;

/**
 * Stops that came before their run: a task to start it may still be on its way and must not start anything. Both sides are
 * told when the server scheduled them, so that the clock of this host plays no part. Milliseconds since 1970.
 */
export class EarlyStops {
  readonly #scheduledAtMs = new Map<RunKey, number>();

  note(runKey: RunKey, scheduledAtMs: number): void {
    for (const [key, atMs] of this.#scheduledAtMs) {
      if (scheduledAtMs - atMs > KEPT_MS) this.#scheduledAtMs.delete(key);
    }
    if (this.#scheduledAtMs.size < KEPT_MAX) this.#scheduledAtMs.set(runKey, scheduledAtMs);
  }

  /** True when the run was told to stop after its start was scheduled. A later incarnation schedules anew. */
  precede(runKey: RunKey, scheduledAtMs: number): boolean {
    const stopAtMs = this.#scheduledAtMs.get(runKey);
    return stopAtMs !== undefined && scheduledAtMs <= stopAtMs;
  }
}
