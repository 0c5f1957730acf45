import { createHash } from 'node:crypto';
import type { ParsedItem } from '../../core/items.js';
import type { CycleInput } from '../../store/index.js';

/** An item that only has what is given. */
export function parsedItem(changes: Partial<ParsedItem> = {}): ParsedItem {
  const item = {
    guid: null,
    link: null,
    title: null,
    published: null,
    updated: null,
    summary: null,
    content: null,
    author: null,
    categories: [],
    enclosures: [],
    image: null,
    ...changes,
  };
  const { guid, published: _published, updated: _updated, ...seen } = item;
  const fingerprint = createHash('sha256').update(JSON.stringify(seen)).digest('hex');
  return { id: guid ?? fingerprint, fingerprint, ...item };
}

/** An item with GUID, link, title and content that follow from its name. */
export function namedItem(name: string, changes: Partial<ParsedItem> = {}): ParsedItem {
  return parsedItem({
    guid: `guid-${name}`,
    link: `https://example.org/${name}`,
    title: `Title of ${name}`,
    content: `<p>Content of ${name}</p>`,
    ...changes,
  });
}

export interface CycleChanges extends Partial<Omit<CycleInput, 'cycle'>> {
  readonly cycle?: Partial<CycleInput['cycle']>;
}

/** A cycle of `news` that has fetched the given items. */
export function cycleInput(id: string, changes: CycleChanges = {}): CycleInput {
  const { cycle, ...rest } = changes;
  return {
    cycle: {
      id,
      source: 'news',
      startedAt: new Date().toISOString(),
      outcome: 'fetched',
      cause: null,
      detail: null,
      attempts: 1,
      latencyMs: 120,
      status: 200,
      wireBytes: 10_000,
      ...cycle,
    },
    items: [],
    dedup: 'auto',
    announce: [],
    keepMs: null,
    validators: null,
    validatorsFor: 'https://example.org/feed.xml',
    site: 'example.org',
    status: null,
    ...rest,
  };
}
