import jmespath from 'jmespath';
import type { SourceConfig } from '../../core/config/source.js';
import { parseJson } from './feed/json-feed.js';
import type { FoundItem } from './item.js';
import { ITEMS_MAX } from './limits.js';
import { ParseFailure } from './parse-failure.js';
import { htmlText } from './text.js';

export type JsonParse = Extract<SourceConfig['parse'], { kind: 'json' }>;

/**
 * Reads the items of a JSON document.
 * @throws {ParseFailure} when it is none, when an expression is none, and when `items` finds no list.
 */
export function readJson(
  text: string,
  parse: JsonParse,
  baseUrl: string,
): { readonly items: readonly FoundItem[]; readonly dropped: number } {
  const list = search(parseJson(text), parse.items, 'items');
  if (!Array.isArray(list)) {
    throw new ParseFailure(`items: ${parse.items} gives ${list === null ? 'nothing' : 'no list'}`);
  }
  const kept: readonly unknown[] = list.slice(0, ITEMS_MAX);
  return {
    items: kept.map((item) => readItem(item, parse, baseUrl)),
    dropped: list.length - kept.length,
  };
}

function readItem(item: unknown, parse: JsonParse, baseUrl: string): FoundItem {
  const field = (key: 'id' | 'title' | 'link' | 'date' | 'summary'): string | null => {
    const expression = parse[key];
    return expression === undefined ? null : asText(search(item, expression, key));
  };
  return {
    baseUrl,
    guid: field('id'),
    // A list of plain texts: each is its own title.
    title: typeof item === 'object' ? field('title') : asText(item),
    link: field('link'),
    published: field('date'),
    summary: htmlText(field('summary') ?? ''),
    whole: JSON.stringify(item),
  };
}

function search(document: unknown, expression: string, key: string): unknown {
  try {
    return jmespath.search(document, expression) as unknown;
  } catch (error) {
    throw new ParseFailure(`${key}: "${expression}" cannot be applied (${(error as Error).message})`);
  }
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
