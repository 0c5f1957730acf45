import { CONCURRENT_CHANGES } from '../../client/library/apply.js';
import { eachConcurrently } from '../../client/library/each-concurrently.js';
import { startSource } from '../../test/support/source-cluster.js';
import type { Address } from './population.js';
import type { Site } from './site.js';

/** Starts a workflow for each source, as many at the same time as `holdfast apply`. They are all on one host, so each has a limit of its own. */
export async function startAll(
  { cluster }: Site,
  addresses: readonly Address[],
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await eachConcurrently(addresses, CONCURRENT_CHANGES, async ({ name, url }) => {
    await startSource(cluster, { id: name, url, rate_scope: 'source', ...settings });
  });
}

/** So many healthy sources. */
export function healthyOnes({ farm }: Site, count: number): readonly Address[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `healthy-${index}`;
    return { name, url: farm.url(name) };
  });
}
