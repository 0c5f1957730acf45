import type { StoredItem } from '../../../store/index.js';
import { nameUuid } from './name-uuid.js';

/** A feed as we serve it, before it becomes JSON or XML. Instants are ISO 8601, UTC. */
export interface Feed {
  /** Permanent and unique. */
  readonly id: string;
  readonly title: string;
  /** The site that the items come from; null for all sources, and when it is not configured any more. */
  readonly homeUrl: string | null;
  /** Where this feed is served; null when the request did not say under which name. */
  readonly selfUrl: string | null;
  /** When the newest of its items came or changed. */
  readonly updatedAt: string;
  readonly entries: readonly FeedEntry[];
}

export interface FeedEntry {
  /** Permanent and unique: an item keeps it when it changes. */
  readonly id: string;
  /** Id of the feed of its own source. */
  readonly sourceId: string;
  readonly publishedAt: string | null;
  readonly updatedAt: string;
  readonly item: StoredItem;
}

export interface FeedInput {
  /** Makes ids unique among all installations of holdfast. */
  readonly installation: string;
  /** Null for all sources in one. */
  readonly source: string | null;
  readonly homeUrl: string | null;
  readonly selfUrl: string | null;
  readonly items: readonly StoredItem[];
}

/** A feed without items has never changed. */
const NEVER = '1970-01-01T00:00:00.000Z';

/** Puts a feed together. Pure: the same items give the same feed. */
export function buildFeed({ installation, source, homeUrl, selfUrl, items }: FeedInput): Feed {
  const changes = items.map(changedAt);
  return {
    id: source === null ? idOf(installation, 'sources') : sourceIdOf(installation, source),
    title: source ?? 'All sources',
    homeUrl,
    selfUrl,
    updatedAt: changes.reduce((newest, at) => (at > newest ? at : newest), NEVER),
    entries: items.map((item) => ({
      id: idOf(installation, `item/${item.number}`),
      sourceId: sourceIdOf(installation, item.source),
      publishedAt: withYearOfFourDigits(item.published),
      updatedAt: item.changedAt ?? dateBefore(item, item.firstSeenAt),
      item,
    })),
  };
}

/** When we have seen it come or change: what the source says may be long ago or yet to come. */
function changedAt({ changedAt: at, firstSeenAt }: StoredItem): string {
  return at ?? firstSeenAt;
}

/** The date that the source gives an item, but not one after it was seen. */
function dateBefore({ updated, published }: StoredItem, seenAt: string): string {
  const date = withYearOfFourDigits(updated ?? published);
  return date !== null && Date.parse(date) < Date.parse(seenAt) ? date : seenAt;
}

/** Other years are written with a sign, which neither format knows. */
function withYearOfFourDigits(at: string | null): string | null {
  return at !== null && /^\d{4}-/.test(at) ? at : null;
}

function sourceIdOf(installation: string, source: string): string {
  return idOf(installation, `source/${source}`);
}

function idOf(installation: string, name: string): string {
  return `urn:uuid:${nameUuid(installation, name)}`;
}
