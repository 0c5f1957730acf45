import { createHash } from 'node:crypto';
import type { SourceConfig } from '../../core/config/source.js';
import type { ParsedItem } from '../../core/items.js';

/** What makes an item the same: `auto` goes from GUID to link to content. */
export type Dedup = SourceConfig['dedup'];

/** An item with what it is known by within its source. */
export interface IdentifiedItem {
  readonly item: ParsedItem;
  readonly key: string;
  /** Tells items apart that share a key: the link where GUIDs repeat, the content where links do. */
  readonly twin: string;
}

/** An item that is kept, as far as it takes to recognise it. */
export interface KnownItem {
  readonly sequence: number;
  readonly item_key: string;
  readonly twin: string;
  readonly fingerprint: string;
  readonly link: string | null;
  readonly title: string | null;
  readonly revision: number;
}

export interface MatchedItem extends IdentifiedItem {
  /** Null for a new item. */
  readonly known: KnownItem | null;
}

/** Identifies the items of one answer. What is listed twice comes once. */
export function identifyItems(items: readonly ParsedItem[], dedup: Dedup): IdentifiedItem[] {
  const identified = new Map<string, IdentifiedItem>();
  for (const item of items) {
    const identity = identityOf(item, dedup);
    const name = `${identity.key} ${identity.twin}`;
    if (!identified.has(name)) identified.set(name, { item, ...identity });
  }
  return [...identified.values()];
}

type Named = Pick<ParsedItem, 'guid' | 'link' | 'title' | 'content' | 'summary' | 'fingerprint'>;

/**
 * Key and twin of one item. Unlike its `id`, which is unique within one answer, they hold for all answers together: whether a GUID
 * repeats is not to be seen in each of them.
 */
export function identityOf(item: Named, dedup: Dedup): { readonly key: string; readonly twin: string } {
  const byLink = item.link === null ? null : { key: `link:${hash(item.link)}`, twin: '' };
  const byGuid = item.guid === null ? null : { key: `guid:${hash(item.guid)}`, twin: '' };
  switch (dedup) {
    case 'id':
      return byGuid ?? byLink ?? byContent(item);
    case 'url':
      return byLink ?? byGuid ?? byContent(item);
    case 'content':
      return byContent(item);
    case 'auto':
      if (byGuid !== null) return { key: byGuid.key, twin: (byLink ?? byContent(item)).key };
      return byLink === null ? byContent(item) : { key: byLink.key, twin: byContent(item).key };
  }
}

/** An item without title and text is told apart by whatever else it has. */
function byContent({ title, content, summary, fingerprint }: Named): {
  readonly key: string;
  readonly twin: string;
} {
  const text = content ?? summary;
  return {
    key: `content:${title === null && text === null ? hash(fingerprint) : hash(title, text)}`,
    twin: '',
  };
}

/** Says for each item of an answer which kept one it is. */
export function matchItems(items: readonly IdentifiedItem[], known: readonly KnownItem[]): MatchedItem[] {
  const knownByKey = byKey(known, (item) => item.item_key);
  const listedByKey = byKey(items, (item) => item.key);
  return items.map((item) => {
    const candidates = knownByKey.get(item.key) ?? [];
    const twin = candidates.find((candidate) => candidate.twin === item.twin);
    const [only] = candidates;
    // A key that stands for one item, then and now, still does when the item itself has changed.
    const isUnique = candidates.length === 1 && listedByKey.get(item.key)?.length === 1;
    const changed = isUnique && only !== undefined && !isAnother(item.item, only) ? only : null;
    return { ...item, known: twin ?? changed };
  });
}

/** A GUID that comes with another link and another title is a constant, not a name. */
function isAnother(item: ParsedItem, known: KnownItem): boolean {
  return item.guid !== null && item.link !== known.link && item.title !== known.title;
}

/** Names a whole list: equal only when every item is as it was, in whatever order. */
export function listDigest(items: readonly IdentifiedItem[], dedup: Dedup): string {
  const names = items.map(({ key, twin, item }) => `${key} ${twin} ${item.fingerprint}`);
  return hash(dedup, ...names.toSorted());
}

/** 128 bits are more than enough to tell the items of a source apart. */
const HASH_LENGTH = 22;

function hash(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, HASH_LENGTH);
}

function byKey<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
