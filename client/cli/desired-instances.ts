import { parseInstanceInput } from '../../core/config/instance.js';
import type { LoadedConfig } from '../config-file/index.js';
import { INSTANCE_KINDS, instanceIdOf, type InstanceKind } from '../library/instance-kinds.js';
import type { DesiredInstance } from '../library/start-instance.js';

/** Kinds for which there is a workflow; the others are checked but cannot be started yet. */
const RUNNABLE_KINDS: ReadonlySet<string> = new Set<InstanceKind>(['stream']);

export interface InstancesOfFile {
  readonly desired: readonly DesiredInstance[];
  /** `kind/name` of the entries that this version cannot run. */
  readonly notRunnable: readonly string[];
}

/** The instances that a checked file lists, each with its entry as written. */
export function instancesOfFile({ config, raw }: Pick<LoadedConfig, 'config' | 'raw'>): InstancesOfFile {
  const named = (kind: string, entries: readonly { readonly id: string }[], written: readonly unknown[]) =>
    entries.map((entry, index) => ({ kind, name: entry.id, config: written[index] }));
  const all = [
    ...named('stream', config.streams, raw.streams),
    ...named('capture', config.captures, raw.captures),
    ...named('source', config.sources, raw.sources),
  ];
  const isRunnable = ({ kind }: DesiredInstance) => RUNNABLE_KINDS.has(kind);
  return {
    desired: all.filter(isRunnable),
    notRunnable: all.filter((entry) => !isRunnable(entry)).map(({ kind, name }) => instanceIdOf(kind, name)),
  };
}

/** Fills defaults in, so that `60s` and `1m`, or a default written out, count as the same config. */
export function normaliseConfig(kind: string, config: unknown): unknown {
  const known = INSTANCE_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) return config;
  const parsed = parseInstanceInput(known, config);
  return 'ok' in parsed ? parsed.ok : config;
}
