import { HoldfastError } from '../library/errors.js';
import type { GatewayDeps } from './deps.js';

/**
 * Refuses the name of a source that is neither configured nor known to the store. One that is not configured any more
 * stays known by what it brought.
 * @throws {HoldfastError} `unknown_instance`
 */
export async function requireKnownSource(
  { config, store }: Pick<GatewayDeps, 'config' | 'store'>,
  name: string,
): Promise<void> {
  if (config.sources.some(({ id }) => id === name)) return;
  const [item] = await store.sources.listItems({ source: name, limit: 1 });
  if (item !== undefined) return;
  const [facts] = await store.sources.readSources([name]);
  if (facts === undefined) throw new HoldfastError('unknown_instance', `there is no source ${name}`);
}
