import type { Logger } from 'pino';
import type { Notification } from '../../../core/notifications.js';
import {
  describeOwnOutage,
  hasReached,
  OBSERVATION_FRESH_MS,
  ONLINE,
  OWN_OUTAGE_NAME,
  stepOwnOutage,
  type OutageEvidence,
  type OwnOutage,
} from '../../../core/source-health/index.js';
import { ALL_SOURCES } from '../../../core/source-cycle/index.js';
import type { Store } from '../../../store/index.js';
import type { Verdict } from '../verdict.js';
import type { Canaries } from './canaries.js';
import { Observations } from './observations.js';

/** What is known of it, and of the sources of other processes, holds for this long. */
const KNOWN_MS = 1_000;

export interface OutageWatchOptions {
  readonly store: Pick<Store, 'sources' | 'readShared' | 'changeShared'>;
  readonly canaries: Canaries;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
}

/** Decides whether it is we who are offline, for all sources of a process; what it finds is shared with all others. */
export class OutageWatch {
  readonly #options: OutageWatchOptions;
  readonly #observations = new Observations();
  #known: { readonly outage: OwnOutage; readonly atMs: number } | null = null;
  #deciding: Promise<OwnOutage> | null = null;

  constructor(options: OutageWatchOptions) {
    this.#options = options;
  }

  /** Why nobody is to be asked now, in words; null when a cycle may go on. Without canaries the sources have to find out. */
  async keepsFromAsking(): Promise<string | null> {
    if (!this.#options.canaries.areConfigured) return null;
    const before = await this.#read();
    return before.sinceMs === null ? null : inWords(await this.#decide());
  }

  /**
   * Takes an attempt as evidence. Returns that we are offline, in words, where that may be why nobody answered; else null.
   * `isLast`: the cycle ends with it. Without canaries only then the others are asked for, because that costs a query.
   */
  async judge(site: string, verdict: Verdict, isLast: boolean): Promise<string | null> {
    if (!isEvidence(verdict)) return null;
    const reached = verdict.kind !== 'failed' || hasReached('failed', verdict.cause);
    this.#observations.note(site, reached, Date.now());
    if (!reached) {
      if (!isLast && !this.#options.canaries.areConfigured) return null;
      return inWords(await this.#decide());
    }
    // Somebody has answered: perhaps it is over.
    if ((await this.#read()).sinceMs !== null) await this.#decide();
    return null;
  }

  async #read(): Promise<OwnOutage> {
    const nowMs = Date.now();
    if (this.#known === null || nowMs - this.#known.atMs > KNOWN_MS) {
      const outage = (await this.#options.store.readShared<OwnOutage>(OWN_OUTAGE_NAME)) ?? ONLINE;
      this.#known = { outage, atMs: nowMs };
    }
    return this.#known.outage;
  }

  /** One decision at a time: what comes meanwhile is part of the next one. */
  async #decide(): Promise<OwnOutage> {
    this.#deciding ??= this.#decideAnew().finally(() => {
      this.#deciding = null;
    });
    return await this.#deciding;
  }

  async #decideAnew(): Promise<OwnOutage> {
    const before = await this.#read();
    const evidence = await this.#gather();
    if (isSame(stepOwnOutage(before, evidence), before)) return before;
    const { store, logger } = this.#options;
    const after = await store.changeShared<OwnOutage>(OWN_OUTAGE_NAME, (shared) => {
      const value = stepOwnOutage(shared ?? ONLINE, evidence);
      return { value, notifications: newsOf(shared ?? ONLINE, value, evidence.nowMs) };
    });
    this.#known = { outage: after, atMs: Date.now() };
    if (after.sinceMs === null) logger.info('sites can be reached again');
    else
      logger.warn({ since: new Date(after.sinceMs).toISOString() }, 'most sites cannot be reached from here');
    return after;
  }

  async #gather(): Promise<OutageEvidence> {
    const { store, canaries } = this.#options;
    if (canaries.areConfigured) {
      return { canaries: await canaries.ask(), observations: [], nowMs: Date.now() };
    }
    const stored = await store.sources.readObservations(new Date(Date.now() - OBSERVATION_FRESH_MS));
    const nowMs = Date.now();
    return { canaries: [], observations: this.#observations.together(stored, nowMs), nowMs };
  }
}

/** A site that is left alone without being asked shows nothing. */
function isEvidence({ kind, status }: Verdict): boolean {
  return kind !== 'skipped' && (kind !== 'deferred' || status !== null);
}

function isSame(left: OwnOutage, right: OwnOutage): boolean {
  return left.sinceMs === right.sinceMs;
}

function inWords({ sinceMs }: OwnOutage): string | null {
  return sinceMs === null ? null : `we are offline ourselves since ${new Date(sinceMs).toISOString()}`;
}

/** One notice for all sources, when it begins and when it ends. */
function newsOf(before: OwnOutage, after: OwnOutage, nowMs: number): Notification[] {
  if (isSame(before, after)) return [];
  const event = after.sinceMs === null ? 'online' : 'offline';
  const sinceMs = after.sinceMs ?? before.sinceMs ?? nowMs;
  return [
    {
      id: `own-outage:${sinceMs}:${event}`,
      event,
      ...describeOwnOutage(sinceMs, event === 'online' ? nowMs : null),
      instance: ALL_SOURCES,
      branch: null,
      cause: null,
      attempt: null,
      time: new Date(nowMs).toISOString(),
    },
  ];
}
