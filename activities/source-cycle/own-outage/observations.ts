import { OBSERVATION_FRESH_MS, type Observation } from '../../../core/source-health/index.js';

/** Sites remembered at the same time; the one heard of longest ago is forgotten. */
const SITES_MAX = 10_000;

/** What the attempts of this process have shown. The store hears of them only when their cycles end. */
export class Observations {
  readonly #bySite = new Map<string, Observation>();

  note(site: string, reached: boolean, nowMs: number): void {
    const before = this.#bySite.get(site);
    this.#bySite.delete(site);
    if (this.#bySite.size >= SITES_MAX) this.#bySite.delete(this.#bySite.keys().next().value ?? '');
    const unreachedSinceMs = reached ? null : (before?.unreachedSinceMs ?? nowMs);
    this.#bySite.set(site, { site, atMs: nowMs, reached, unreachedSinceMs });
  }

  /** With those of the store, which may be of other processes: of each site only the newest, gone since whoever noticed it first. */
  together(stored: readonly Observation[], nowMs: number): Observation[] {
    const newest = new Map<string, Observation>();
    for (const observation of [...stored, ...this.#bySite.values()]) {
      const known = newest.get(observation.site);
      const [older, newer] =
        known === undefined || observation.atMs >= known.atMs ? [known, observation] : [observation, known];
      newest.set(observation.site, { ...newer, unreachedSinceMs: unreachedSince(older, newer) });
    }
    return [...newest.values()].filter(({ atMs }) => nowMs - atMs <= OBSERVATION_FRESH_MS);
  }
}

/** Two processes, or one before and after a restart, may have met the same failure one after the other. */
function unreachedSince(older: Observation | undefined, newer: Observation): number | null {
  if (newer.unreachedSinceMs === null || older?.unreachedSinceMs == null) return newer.unreachedSinceMs;
  return Math.min(older.unreachedSinceMs, newer.unreachedSinceMs);
}
