import type { DigestItem } from './item.js';
import { pageOf } from './safe-link.js';
import { similarity, titleShingles, type TitleShingles } from './title-shingles.js';

/** Items about the same thing, the one to be shown first. */
export type Story<Item = DigestItem> = readonly [Item, ...Item[]];

/** Titles that share this much are about the same. */
const SIMILARITY_MIN = 0.65;
/** The same words on another day are another instalment. */
const SAME_STORY_MS = 72 * 3_600_000;

type ComparedItem = Pick<DigestItem, 'number' | 'source' | 'title' | 'link' | 'date'>;

/**
 * Puts reports of several sources about the same story together: those that lead to the same page, and those with nearly the same
 * title. Each item is in exactly one story. Stories come in the order of their first items, and so do the items in them.
 */
export function groupStories<Item extends ComparedItem>(items: readonly Item[]): Story<Item>[] {
  const groups = new Groups(items.length);
  joinPages(items, groups);
  joinTitles(items, groups);
  const stories = new Map<number, [Item, ...Item[]]>();
  items.forEach((item, index) => {
    const story = stories.get(groups.rootOf(index));
    if (story === undefined) stories.set(groups.rootOf(index), [item]);
    else story.push(item);
  });
  return [...stories.values()];
}

function joinPages(items: readonly ComparedItem[], groups: Groups): void {
  const byPage = new Map<string, number[]>();
  items.forEach(({ link }, index) => {
    const page = link === null ? null : pageOf(link);
    if (page !== null) byPage.set(page, [...(byPage.get(page) ?? []), index]);
  });
  for (const indexes of byPage.values()) {
    const sources = new Set(indexes.map((index) => items[index]?.source));
    // A page to which a source leads from several items lists many things.
    if (sources.size < indexes.length) continue;
    indexes.forEach((index) => groups.join(indexes[0] as number, index));
  }
}

function joinTitles(items: readonly ComparedItem[], groups: Groups): void {
  const compared = items.map((item) => ({ ...item, ...titleShingles(item.title) }));
  compared.forEach((left, index) => {
    for (let other = index + 1; other < compared.length; other += 1) {
      if (isSameStory(left, compared[other] as typeof left)) groups.join(index, other);
    }
  });
}

function isSameStory(left: ComparedItem & TitleShingles, right: ComparedItem & TitleShingles): boolean {
  // A source does not tell the same twice: its titles that are alike are a series.
  if (left.source === right.source) return false;
  if (Math.abs(Date.parse(left.date) - Date.parse(right.date)) > SAME_STORY_MS) return false;
  return similarity(left, right) >= SIMILARITY_MIN;
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
