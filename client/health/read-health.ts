import { existsSync } from 'node:fs';
import {
  ONLINE,
  OWN_OUTAGE_NAME,
  sourceHealth,
  type OwnOutage,
  type SourceHealth,
  type SourceState,
} from '../../core/source-health/index.js';
import type { Store } from '../../store/index.js';
import { expandStoreUrl } from '../setup/store.js';

/** The health of all sources. */
export interface HealthReport {
  /** Since when we have been offline ourselves. ISO 8601, UTC; null when we are not. */
  readonly offlineSince: string | null;
  readonly states: Readonly<Partial<Record<SourceState, number>>>;
  /** In the order of their names. */
  readonly sources: readonly SourceHealth[];
}

/** Brings together what the store knows of all sources, or of the named ones. */
export async function healthReport(
  store: Pick<Store, 'sources' | 'readShared'>,
  nowMs: number,
  names?: readonly string[],
): Promise<HealthReport> {
  const facts = await store.sources.readSources(names);
  const sources = facts.map((known) => sourceHealth(known, nowMs));
  const { sinceMs } = (await store.readShared<OwnOutage>(OWN_OUTAGE_NAME)) ?? ONLINE;
  const states: Partial<Record<SourceState, number>> = {};
  for (const { state } of sources) states[state] = (states[state] ?? 0) + 1;
  return { offlineSince: sinceMs === null ? null : new Date(sinceMs).toISOString(), states, sources };
}

/** The same from the store of a configuration; empty when no worker has made one yet. */
export async function readHealth(
  storeUrl: string,
  nowMs: number,
  names?: readonly string[],
): Promise<HealthReport> {
  const url = expandStoreUrl(storeUrl, process.env);
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) {
    return { offlineSince: null, states: {}, sources: [] };
  }
  const { openStore } = await import('../../store/index.js');
  const store = await openStore(url);
  try {
    return await healthReport(store, nowMs, names);
  } finally {
    await store.close();
  }
}
