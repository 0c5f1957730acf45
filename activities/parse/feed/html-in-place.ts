import { classifyHttp } from '../../../core/classify/http/classify-http.js';
import { load } from 'cheerio/slim';
import { absoluteUrl } from '../item.js';
import { ParseFailure } from '../parse-failure.js';
import { oneLine } from '../text.js';

/** The head of a page stands at its beginning. */
const HEAD_CHARACTERS = 65_536;
const TITLE_CHARACTERS = 100;
const FEED_LINKS = ['rss+xml', 'atom+xml', 'feed+json']
  .map((type) => `link[rel~=alternate][type="application/${type}"]`)
  .join(',');

/** Says what a page is that came in place of a feed, and where it says that its feed is. */
export function htmlInPlaceOfFeed(text: string, baseUrl: string): ParseFailure {
  const page = load(text.slice(0, HEAD_CHARACTERS));
  const title = oneLine(page('title').first().text(), TITLE_CHARACTERS);
  const feed = absoluteUrl(page(FEED_LINKS).first().attr('href'), baseUrl);
  const named = title === null ? '' : `: "${title}"`;
  const hint = feed === null ? '' : `; it names the feed ${feed}`;
  // The page with which a site keeps bots out may come with status 200.
  const isBotWall = title !== null && classifyHttp({ message: title }).cause === 'blocked';
  return new ParseFailure(
    `an HTML page in place of a feed${named}${hint}`,
    isBotWall ? 'blocked' : 'parse_error',
  );
}
