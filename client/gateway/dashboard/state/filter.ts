import type { Filter, Listed } from './model.js';

/** Instances that a person wants to see. */
export function chosen(instances: Iterable<Listed>, { text, kind, state }: Filter): Listed[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return [...instances].filter((instance) => {
    if (kind !== '' && instance.kind !== kind) return false;
    if (state !== '' && instance.state !== state) return false;
    const searched = [instance.id, instance.state, instance.host ?? '', instance.status?.detail ?? '']
      .join(' ')
      .toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** By kind, in the order of their ids. */
export function byKind(instances: readonly Listed[]): [string, Listed[]][] {
  const groups = new Map<string, Listed[]>();
  for (const instance of instances) {
    const group = groups.get(instance.kind);
    if (group === undefined) groups.set(instance.kind, [instance]);
    else group.push(instance);
  }
  return [...groups];
}
