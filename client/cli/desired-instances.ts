import { parseInstanceInput } from '../../core/config/instance.js';
import type { LoadedConfig } from '../config-file/index.js';
import { INSTANCE_KINDS } from '../library/instance-kinds.js';
import type { DesiredInstance } from '../library/start-instance.js';

/** The instances that a checked file lists, each with its entry as written. */
export function instancesOfFile({ config, raw }: Pick<LoadedConfig, 'config' | 'raw'>): DesiredInstance[] {
  const named = (kind: string, entries: readonly { readonly id: string }[], written: readonly unknown[]) =>
    entries.map((entry, index) => ({ kind, name: entry.id, config: written[index] }));
  return [
    ...named('stream', config.streams, raw.streams),
    ...named('capture', config.captures, raw.captures),
    ...named('source', config.sources, raw.sources),
  ];
}

/** Fills defaults in, so that `60s` and `1m`, or a default written out, count as the same config. */
export function normaliseConfig(kind: string, config: unknown): unknown {
  const known = INSTANCE_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) return config;
  const parsed = parseInstanceInput(known, config);
  return 'ok' in parsed ? parsed.ok : config;
}
