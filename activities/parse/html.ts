import { load, type Cheerio, type CheerioAPI } from 'cheerio/slim';
import type { Element } from 'domhandler';
import { DomHandler, Parser } from 'htmlparser2';
import type { SourceConfig } from '../../core/config/source.js';
import { absoluteUrl, type FoundItem } from './item.js';
import { ELEMENTS_MAX, HTML_DEPTH_MAX, ITEMS_MAX } from './limits.js';
import { ParseFailure } from './parse-failure.js';
import { htmlText } from './text.js';

export type HtmlParse = Extract<SourceConfig['parse'], { kind: 'html' }>;

/** A page as CSS selectors read it. */
export interface FoundPage {
  readonly title: string | null;
  readonly items: readonly FoundItem[];
  /** Items beyond the limit. */
  readonly dropped: number;
}

/**
 * Reads the items of a page. A selector other than `item` looks inside the item, and also at the item itself.
 * @throws {ParseFailure} for a selector that is none, and for a page nested too deeply or too large.
 */
export function readHtml(text: string, parse: HtmlParse, pageUrl: string): FoundPage {
  const page = loadWithinLimits(text);
  const baseUrl = absoluteUrl(page('base[href]').first().attr('href'), pageUrl) ?? pageUrl;
  const elements = select(page, null, parse.item, 'item');
  const items = elements.slice(0, ITEMS_MAX).toArray();
  return {
    title: page('title').first().text(),
    items: items.map((element) => readItem(page, page(element), parse, baseUrl)),
    dropped: elements.length - items.length,
  };
}

function readItem(page: CheerioAPI, item: Cheerio<Element>, parse: HtmlParse, baseUrl: string): FoundItem {
  const inside = (key: 'title' | 'link' | 'date' | 'summary', fallback?: string): Cheerio<Element> | null => {
    const selector = parse[key] ?? fallback;
    return selector === undefined ? null : select(page, item, selector, key);
  };
  const html = item.html() ?? '';
  const titleElement = inside('title') ?? item;
  const summary = inside('summary');
  const date = inside('date');
  const text = htmlText(html);
  return {
    baseUrl,
    link: addressOf(inside('link', 'a[href]')),
    title: titleElement === item ? text : htmlText(titleElement.html() ?? ''),
    published: date === null ? null : dateOf(date),
    summary: summary === null ? null : htmlText(summary.html() ?? ''),
    image: item.find('img[src]').first().attr('src'),
    whole: text.replace(/\s+/g, ' '),
  };
}

function addressOf(link: Cheerio<Element> | null): string | undefined {
  return link?.attr('href') ?? link?.find('a[href]').first().attr('href');
}

function dateOf(date: Cheerio<Element>): string {
  return date.attr('datetime') ?? date.attr('content') ?? date.attr('title') ?? date.text();
}

/** The elements of a selector inside an item (at most one), or on the page. */
function select(
  page: CheerioAPI,
  item: Cheerio<Element> | null,
  selector: string,
  key: string,
): Cheerio<Element> {
  try {
    if (item === null) return page(selector) as Cheerio<Element>;
    return item.is(selector) ? item : item.find(selector).first();
  } catch (error) {
    throw new ParseFailure(`${key}: "${selector}" is no CSS selector (${(error as Error).message})`);
  }
}

/** Ends the reading of a page that was made to exhaust us. */
class LimitedDom extends DomHandler {
  #elements = 0;
  override onopentag(name: string, attributes: Record<string, string>): void {
    this.#elements += 1;
    if (this.#elements > ELEMENTS_MAX) throw new ParseFailure(`more than ${ELEMENTS_MAX} elements`);
    if (this.tagStack.length > HTML_DEPTH_MAX) {
      throw new ParseFailure(`elements nested more than ${HTML_DEPTH_MAX} deep`);
    }
    super.onopentag(name, attributes);
  }
}

function loadWithinLimits(text: string): CheerioAPI {
  const dom = new LimitedDom();
  new Parser(dom).end(text);
  const page = load(dom.root);
  // Browsers put rows into a body of the table, and so do selectors that were copied from one.
  page('table').each((_index, table) => {
    const rows = page(table).children('tr');
    if (rows.length > 0) rows.wrapAll('<tbody></tbody>');
  });
  return page;
}
