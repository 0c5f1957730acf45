import { isDeepStrictEqual } from 'node:util';

/** Keys of a capture that every process of it depends on. */
const SHARED_KEYS: ReadonlySet<string> = new Set(['hub', 'host']);
/** Keys of a capture that its ingest is made of; its outputs stay up meanwhile. */
const INGEST_KEYS: ReadonlySet<string> = new Set(['input', 'encode', 'stall_timeout']);

type Entry = Readonly<Record<string, unknown>>;

/**
 * What differs between two entries of one kind, in words and without values, which may be secret:
 * `output tape added; output live restarts; ingest restarts (encode)`.
 */
export function describeChanges(kind: string, before: unknown, after: unknown): string {
  if (!isEntry(before) || !isEntry(after)) return 'config changed';
  const keys = changedKeys(before, after);
  return kind === 'capture' ? captureChanges(before, after, keys) : `changed: ${keys.join(', ')}`;
}

function captureChanges(before: Entry, after: Entry, keys: readonly string[]): string {
  const shared = keys.filter((key) => SHARED_KEYS.has(key));
  const probeOnly = isDeepStrictEqual(
    withoutKey(before['input'], 'probe'),
    withoutKey(after['input'], 'probe'),
  );
  const ingest = keys.filter((key) => INGEST_KEYS.has(key) && !(key === 'input' && probeOnly));
  const others = keys
    .filter((key) => key !== 'outputs' && !shared.includes(key) && !ingest.includes(key))
    .map((key) => (key === 'input' ? 'probe' : key));
  const parts = [
    ...(shared.length > 0 ? [`everything restarts (${shared.join(', ')})`] : []),
    ...outputChanges(before['outputs'], after['outputs']),
    ...(ingest.length > 0 ? [`ingest restarts (${ingest.join(', ')})`] : []),
    ...(others.length > 0 ? [`changed: ${others.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'outputs in another order';
}

function outputChanges(before: unknown, after: unknown): string[] {
  const old = outputsByName(before);
  const wanted = outputsByName(after);
  const added = [...wanted.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !wanted.has(name));
  const changed = [...wanted].flatMap(([name, output]) => {
    const was = old.get(name);
    if (was === undefined || isDeepStrictEqual(was, output)) return [];
    const onlyRecovery = isDeepStrictEqual(withoutKey(was, 'recovery'), withoutKey(output, 'recovery'));
    return [onlyRecovery ? `recovery of output ${name} changed` : `output ${name} restarts`];
  });
  return [
    ...added.map((name) => `output ${name} added`),
    ...removed.map((name) => `output ${name} removed (not in the file)`),
    ...changed,
  ];
}

function outputsByName(outputs: unknown): ReadonlyMap<string, Entry> {
  const entries = (Array.isArray(outputs) ? outputs : []).filter(isEntry);
  return new Map(entries.map((output) => [String(output['name']), output]));
}

function changedKeys(before: Entry, after: Entry): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !isDeepStrictEqual(before[key], after[key])).sort();
}

function withoutKey(value: unknown, key: string): unknown {
  return isEntry(value) ? { ...value, [key]: null } : value;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
