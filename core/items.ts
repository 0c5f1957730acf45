/** What sources give: items of feeds, pages and documents in one form. */

/** A file that comes with an item: the sound of a podcast, a picture. */
export interface ItemEnclosure {
  readonly url: string;
  readonly type: string | null;
  readonly bytes: number | null;
}

/** One item as read from a source. Texts are limited in length; null is what the source does not say. */
export interface ParsedItem {
  /** What makes it the same item at the next fetch: given by the source, or derived and then `sha256:...`. */
  readonly id: string;
  /** What the source calls it (GUID, Atom id, rdf:about), which need not be unique. */
  readonly guid: string | null;
  /** Absolute, of http, https, ftp or magnet. */
  readonly link: string | null;
  /** Plain text on one line. */
  readonly title: string | null;
  /** ISO 8601, UTC. */
  readonly published: string | null;
  /** ISO 8601, UTC. */
  readonly updated: string | null;
  /** Plain text, at most 1,000 characters. */
  readonly summary: string | null;
  /** HTML or text as the source gave it, at most 256 Ki characters: not safe to show as it is. */
  readonly content: string | null;
  readonly author: string | null;
  readonly categories: readonly string[];
  readonly enclosures: readonly ItemEnclosure[];
  /** Address of a picture. */
  readonly image: string | null;
  /** Another one means that the item was revised. Dates do not count: many sources touch them at each request. */
  readonly fingerprint: string;
}

/** The date of an item: when it was published, or else updated. */
export function dateOfItem({ published, updated }: Pick<ParsedItem, 'published' | 'updated'>): string | null {
  return published ?? updated;
}
