import { statfs } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import type { GatewayDeps } from '../deps.js';
import { createReadiness, type PartCheck } from '../health/readiness.js';
import { MetricsSet } from './metrics-set.js';
import { section, type Section } from './section.js';

type Problem = (error: unknown) => void;

/** Which parts answer, and how many workers there are. */
export function partSection(
  registry: Registry,
  deps: Pick<GatewayDeps, 'client' | 'store'>,
  problem: Problem,
): Section {
  const metrics = new MetricsSet(registry);
  const up = metrics.gauge('up', '1 when the part answers.', ['part']);
  const workers = metrics.gauge('workers', 'Workers that poll, by role.', ['role']);
  const read = createReadiness(deps);
  return section(
    metrics,
    read,
    ({ temporal, store, workers: polling }) => {
      const value = ({ ok }: PartCheck): number => Number(ok);
      up([
        [{ part: 'gateway' }, 1],
        [{ part: 'temporal' }, value(temporal)],
        [{ part: 'store' }, value(store)],
      ]);
      if (polling === null) return;
      workers([
        [{ role: 'orchestrator' }, polling.orchestrator],
        [{ role: 'fetch' }, polling.fetch],
      ]);
    },
    problem,
  );
}

/** What the store holds: items, and notifications that sinks have still to take. */
export function storeSection(
  registry: Registry,
  { store }: Pick<GatewayDeps, 'store'>,
  problem: Problem,
): Section {
  const metrics = new MetricsSet(registry);
  const items = metrics.counter('items_stored_total', 'Items stored since the store was made.');
  const waiting = metrics.gauge('notifications_waiting', 'Notifications a sink has still to take.', ['sink']);
  return section(
    metrics,
    async () => await Promise.all([store.sources.countStoredItems(), store.countWaitingDeliveries()]),
    ([stored, deliveries]) => {
      items([[{}, stored]]);
      waiting(Object.entries(deliveries).map(([sink, count]) => [{ sink }, count]));
    },
    problem,
  );
}

/** Room on the disk of `data_dir`. */
export function diskSection(
  registry: Registry,
  { dataDir }: Pick<GatewayDeps, 'dataDir'>,
  problem: Problem,
): Section {
  const metrics = new MetricsSet(registry);
  const free = metrics.gauge('data_dir_free_bytes', 'Room that is left on the disk of data_dir.');
  const size = metrics.gauge('data_dir_size_bytes', 'Size of the disk of data_dir.');
  return section(
    metrics,
    async () => await statfs(dataDir),
    ({ bavail, blocks, bsize }) => {
      free([[{}, bavail * bsize]]);
      size([[{}, blocks * bsize]]);
    },
    problem,
  );
}
