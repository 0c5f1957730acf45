import type { HttpCause } from '../causes.js';
import type { CycleOutcome } from './cycle.js';

/** What the last cycle of a source says about the network. */
export interface Observation {
  /** Sources of one site (host or registrable domain) fall together when that site does: they count once. */
  readonly site: string;
  /** When that cycle ended. Epoch milliseconds, as everywhere here. */
  readonly atMs: number;
  /** True when anybody answered, be it with an error. */
  readonly reached: boolean;
  /** Since when nobody has answered; null when somebody did. */
  readonly unreachedSinceMs: number | null;
}

/** One of the addresses that the configuration names to find out whether we are online. */
export interface CanaryResult {
  readonly target: string;
  readonly atMs: number;
  readonly reached: boolean;
}

/** Since when we have been offline; null when we are not. */
export interface OwnOutage {
  readonly sinceMs: number | null;
}

/** Name under which all processes keep it. */
export const OWN_OUTAGE_NAME = 'own_outage';

export const ONLINE: OwnOutage = { sinceMs: null };

export interface OutageEvidence {
  readonly nowMs: number;
  readonly observations: readonly Observation[];
  /** Empty when no canary is configured. */
  readonly canaries: readonly CanaryResult[];
}

/** Older results say nothing about now. */
export const CANARY_FRESH_MS = 60_000;
export const OBSERVATION_FRESH_MS = 120_000;
/** Fewer sites cannot be told from sites that are down by themselves. */
const SITES_MIN = 3;

/** Causes with which nobody has answered. */
const UNREACHED_CAUSES: ReadonlySet<HttpCause> = new Set<HttpCause>([
  'network_disconnect',
  'timeout',
  'dns_temporary',
  'dns_not_found',
]);

/** True when a cycle shows that the site could be reached. */
export function hasReached(outcome: CycleOutcome, cause: HttpCause | null): boolean {
  if (outcome === 'skipped' || outcome === 'failed') return cause !== null && !UNREACHED_CAUSES.has(cause);
  return true;
}

/**
 * Decides whether it is we who are offline. Canaries decide when there are fresh ones: offline is when none answers.
 * Otherwise the sources are witnesses: offline is when more than half of the sites, at least three, have stopped answering at
 * about the same time. Sites that had been gone before say nothing, and once a site answers again and again while no others go, it
 * is those that are gone. Pure.
 */
export function stepOwnOutage(before: OwnOutage, evidence: OutageEvidence): OwnOutage {
  const { nowMs } = evidence;
  const canaries = evidence.canaries.filter(({ atMs }) => nowMs - atMs <= CANARY_FRESH_MS);
  if (canaries.length > 0) {
    if (canaries.some(({ reached }) => reached)) return ONLINE;
    return before.sinceMs === null ? { sinceMs: Math.min(...canaries.map(({ atMs }) => atMs)) } : before;
  }
  const witnesses = witnessesOf(before, evidence);
  const sites = new Set(witnesses.map(({ site }) => site));
  const reached = new Set(witnesses.filter((witness) => witness.reached).map(({ site }) => site));
  const gone = sites.size - reached.size;
  // Too few witnesses change nothing: while we are offline, breakers and intervals let sources fall silent.
  if (sites.size < SITES_MIN) return reached.size === 0 ? before : ONLINE;
  if (gone * 2 <= sites.size) return ONLINE;
  if (before.sinceMs !== null) return isOfTheSites(before.sinceMs, evidence) ? ONLINE : before;
  const unreached = witnesses.filter((witness) => !reached.has(witness.site));
  return { sinceMs: Math.min(...unreached.map(({ unreachedSinceMs, atMs }) => unreachedSinceMs ?? atMs)) };
}

/**
 * True when sites answer although the outage has lasted long enough for every site that went with it to be old news: those that are
 * still gone are gone by themselves. Not while so many others are going that the same outage would be found anew at once.
 */
function isOfTheSites(sinceMs: number, evidence: OutageEvidence): boolean {
  const oldNewsFromMs = sinceMs + OBSERVATION_FRESH_MS;
  const isAnswered = evidence.observations.some(({ reached, atMs }) => reached && atMs > oldNewsFromMs);
  return isAnswered && stepOwnOutage(ONLINE, evidence).sinceMs === null;
}

function witnessesOf(before: OwnOutage, { nowMs, observations }: OutageEvidence): Observation[] {
  const goneBeforeMs = (before.sinceMs ?? nowMs) - OBSERVATION_FRESH_MS;
  return observations.filter(
    ({ atMs, reached, unreachedSinceMs }) =>
      nowMs - atMs <= OBSERVATION_FRESH_MS && (reached || (unreachedSinceMs ?? atMs) >= goneBeforeMs),
  );
}
