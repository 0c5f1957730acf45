import type { SourceConfig } from '../../core/config/source.js';
import type { ParsedItem } from '../../core/items.js';
import { sha256, type ItemWithoutId } from './item.js';
import { ID_CHARACTERS } from './limits.js';

type Dedup = SourceConfig['dedup'];

/**
 * Gives each item of a document what makes it the same at the next fetch. `auto` is a ladder: the GUID; GUID and link
 * where different items share a GUID; without a GUID the link; link and title where different items share a link, and
 * their text where they share that, too; title and text where there is no link. Of items that are the same in all of
 * this the first counts.
 */
export function identify(items: readonly ItemWithoutId[], dedup: Dedup): ParsedItem[] {
  const named = items.map((item) => ({ item, steps: stepsOf(item, dedup) }));
  const sharers = countSharers(named.map(({ steps }) => steps));
  const identified = new Map<string, ParsedItem>();
  for (const { item, steps } of named) {
    const id = idOf(steps, sharers);
    if (!identified.has(id)) identified.set(id, { id, ...item });
  }
  return [...identified.values()];
}

/** What names an item, the most telling first; each further step is taken only where different items share those before. */
type Steps = readonly [string, ...string[]];

function stepsOf(item: ItemWithoutId, dedup: Dedup): Steps {
  const { guid, link, title } = item;
  const text = textOf(item);
  if (dedup === 'id' && guid !== null) return [guid];
  if (dedup === 'auto' && guid !== null) return [guid, link ?? title ?? text];
  if (dedup === 'url' && link !== null) return [link];
  if (dedup !== 'content' && link !== null) return [link, title ?? '', text];
  return [sha256(JSON.stringify([title, text]))];
}

/** An item without title and text is told apart by its other fields, e.g. its files. */
function textOf({ title, content, summary, fingerprint }: ItemWithoutId): string {
  return content ?? summary ?? (title === null ? fingerprint : '');
}

/** For each beginning of a list of steps: the different items that begin so. */
function countSharers(all: readonly Steps[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sharers = new Map<string, Set<string>>();
  for (const steps of all) {
    for (let length = 1; length < steps.length; length += 1) {
      const beginning = keyOf(steps.slice(0, length));
      sharers.set(beginning, (sharers.get(beginning) ?? new Set()).add(keyOf(steps)));
    }
  }
  return sharers;
}

function idOf(steps: Steps, sharers: ReadonlyMap<string, ReadonlySet<string>>): string {
  for (let length = 1; length <= steps.length; length += 1) {
    const beginning = steps.slice(0, length);
    const isEnough = length === steps.length || sharers.get(keyOf(beginning))?.size === 1;
    if (isEnough) return length === 1 ? short(steps[0]) : sha256(keyOf(beginning));
  }
  return sha256(keyOf(steps));
}

/** Texts can be long: what is kept for comparing is their hash. */
function keyOf(steps: readonly string[]): string {
  return JSON.stringify(steps.map(short));
}

function short(text: string): string {
  return text.length <= ID_CHARACTERS ? text : sha256(text);
}
