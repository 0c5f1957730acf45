import type { GatewayDeps } from '../deps.js';
import { readWithContent } from '../items/read-items.js';
import { requireKnownSource } from '../known-source.js';
import { buildFeed, type Feed } from './feed.js';
import { installationId } from './installation.js';

/** Name under which all sources are served as one. */
export const ALL_SOURCES = 'all';

/** Items of a feed: as many as feeds usually have. Readers ask often enough to miss none. */
const FEED_ITEMS_MAX = 50;

/** Reads the newest items of a source, or of all, as a feed that is served at an address. */
export type FeedReader = (name: string, selfUrl: string | null) => Promise<Feed>;

export function createFeedReader(deps: Pick<GatewayDeps, 'config' | 'store'>): FeedReader {
  const { config, store } = deps;
  let installation: string | undefined;
  return async (name, selfUrl) => {
    const source = name === ALL_SOURCES ? null : name;
    if (source !== null) await requireKnownSource(deps, source);
    installation ??= await installationId(store);
    const items = await readWithContent(store, {
      limit: FEED_ITEMS_MAX,
      ...(source !== null && { source }),
    });
    const configured = config.sources.find(({ id }) => id === source);
    return buildFeed({ installation, source, homeUrl: siteOf(configured?.url), selfUrl, items });
  };
}

/** The site of an address and no more of it: the rest may hold what only we should know. */
function siteOf(url: string | undefined): string | null {
  if (url === undefined || url.includes('${')) return null;
  return URL.canParse(url) ? `${new URL(url).origin}/` : null;
}
