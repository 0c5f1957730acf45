import type { DigestItem } from './item.js';
import { pageOf } from './safe-link.js';
import { areAlike, titleShingles, type TitleShingles } from './title-shingles.js';

/** Items about the same thing, the one to be shown first. */
export type Story<Item = DigestItem> = readonly [Item, ...Item[]];

/** The same words on another day are another instalment. */
const SAME_STORY_MS = 72 * 3_600_000;

type ComparedItem = Pick<DigestItem, 'number' | 'source' | 'title' | 'link' | 'date'>;

/** What of an item is compared with others. */
interface Compared extends TitleShingles {
  readonly source: string;
  readonly page: string | null;
  readonly dateMs: number;
}

/**
 * Puts reports of several sources about the same story together: those that lead to the same page, and those with the same or nearly the
 * same title. Each item is in exactly one story. Stories come in the order of their first items, and so do the items in them.
 */
export function groupStories<Item extends ComparedItem>(items: readonly Item[]): Story<Item>[] {
  const compared = items.map(comparedOf);
  const groups = new Groups(items.length);
  joinPages(compared, groups);
  joinTitles(compared, groups);
  const stories = new Map<number, [Item, ...Item[]]>();
  items.forEach((item, index) => {
    const story = stories.get(groups.rootOf(index));
    if (story === undefined) stories.set(groups.rootOf(index), [item]);
    else story.push(item);
  });
  return [...stories.values()];
}

function comparedOf({ source, title, link, date }: ComparedItem): Compared {
  const page = link === null ? null : pageOf(link);
  return { source, page, dateMs: Date.parse(date), ...titleShingles(title) };
}

function joinPages(items: readonly Compared[], groups: Groups): void {
  const byPage = new Map<string, number[]>();
  items.forEach(({ page }, index) => {
    if (page !== null) byPage.set(page, [...(byPage.get(page) ?? []), index]);
  });
  for (const indexes of byPage.values()) {
    const isList = isListOfThings(indexes.map((index) => items[index] as Compared));
    forEachPair(indexes, (left, right) => {
      if (!isList || isSameThing(items[left] as Compared, items[right] as Compared)) groups.join(left, right);
    });
  }
}

/** A page to which a source leads under several titles lists many things. */
function isListOfThings(items: readonly Compared[]): boolean {
  return items.some((left) =>
    items.some((right) => left.source === right.source && !isSameThing(left, right)),
  );
}

/** Of two items that lead to the same page. */
function isSameThing(left: Compared, right: Compared): boolean {
  return left.words === right.words || areAlike(left, right);
}

function joinTitles(items: readonly Compared[], groups: Groups): void {
  forEachPair([...items.keys()], (left, right) => {
    if (isSameStory(items[left] as Compared, items[right] as Compared)) groups.join(left, right);
  });
}

function isSameStory(left: Compared, right: Compared): boolean {
  // A source does not tell the same twice: its titles that are alike are a series.
  if (left.source === right.source) return false;
  return Math.abs(left.dateMs - right.dateMs) <= SAME_STORY_MS && areAlike(left, right);
}

function forEachPair(indexes: readonly number[], take: (left: number, right: number) => void): void {
  indexes.forEach((left, place) => {
    for (const right of indexes.slice(place + 1)) take(left, right);
  });
}

/** Numbers that are joined to groups; the smallest of a group is its root. */
class Groups {
  readonly #parents: number[];

  constructor(count: number) {
    this.#parents = Array.from({ length: count }, (_, index) => index);
  }

  rootOf(index: number): number {
    let root = index;
    while (this.#parents[root] !== root) root = this.#parents[root] as number;
    this.#parents[index] = root;
    return root;
  }

  join(left: number, right: number): void {
    const roots = [this.rootOf(left), this.rootOf(right)];
    this.#parents[Math.max(...roots)] = Math.min(...roots);
  }
}
