import type { Samples } from './metrics-set.js';

/** How many of the entries have the same labels. */
export function countsOf<Entry>(
  entries: readonly Entry[],
  labelsOf: (entry: Entry) => Readonly<Record<string, string>>,
): Samples {
  const counts = new Map<string, { readonly labels: Readonly<Record<string, string>>; count: number }>();
  for (const entry of entries) {
    const labels = labelsOf(entry);
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { labels, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].map(({ labels, count }) => [labels, count]);
}
