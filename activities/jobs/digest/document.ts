import type { DigestItem } from './item.js';

/** A link to an original. */
export type Report = Pick<DigestItem, 'source' | 'title' | 'link' | 'date' | 'author'>;

/** A story as it is shown. All texts are plain. */
export interface DigestStory extends Report {
  /** Number of its first item in the store. */
  readonly number: number;
  /** Empty when only titles are known. */
  readonly summary: string;
  /** The same story elsewhere. */
  readonly others: readonly Report[];
}

/** A digest as the writers of every form take it. */
export interface DigestDocument {
  readonly topic: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly createdAt: string;
  /** As a language tag; undefined when it is that of the items. */
  readonly language: string | undefined;
  /** Empty when there is nothing to be said. */
  readonly overview: string;
  /** Items that were found, duplicates included. */
  readonly found: number;
  readonly stories: readonly DigestStory[];
}

/** What the digest is about and how much there is, in one line. */
export function describeDigest({ found, stories, from, to }: DigestDocument): string {
  const period = `${minuteOf(from)} to ${minuteOf(to)} UTC`;
  if (stories.length === 0) return `No items matched the topic from ${period}.`;
  const sources = new Set(
    stories.flatMap(({ source, others }) => [source, ...others.map((other) => other.source)]),
  );
  return `${counted(stories.length, 'story', 'stories')} from ${counted(found, 'item', 'items')} of ${counted(sources.size, 'source', 'sources')}, ${period}.`;
}

/** `2026-01-02 03:04` */
export function minuteOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
