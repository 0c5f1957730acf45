import type { XmlElement } from './xml-element.js';

const ITEMS: ReadonlySet<string> = new Set(['item', 'entry', 'atom:entry']);
const CONTAINERS: ReadonlySet<string> = new Set(['rss', 'channel', 'rdf:rdf', 'feed', 'atom:feed']);
/** Elements of feeds that hold text or a few facts, and never an item. `items` of RDF lists addresses. */
const LEAVES: ReadonlySet<string> = new Set(
  `author category comments content contributor copyright description email enclosure generator guid icon id image issued items
   language lastbuilddate link logo managingeditor modified name pubdate published rights subtitle summary tagline textinput title
   ttl updated uri url webmaster`.split(/\s+/),
);
const LEAF_PREFIXES: ReadonlySet<string> = new Set(['content', 'dc', 'dcterms', 'itunes', 'media', 'rdf']);

/**
 * How many of the open elements are still open once an element of this name begins: an item or entry is no part of the one
 * before, nor of a title or picture, whose end must be missing. Items of a feed that is quoted within an item stay where they are.
 * @param isFilled Another element follows at once, as in every item: a word in angle brackets is none.
 */
export function openWhere(name: string, open: readonly XmlElement[], isFilled: () => boolean): number {
  if (!ITEMS.has(name)) return open.length;
  const around = open.findLastIndex((element) => element.name === name || CONTAINERS.has(element.name));
  const outer = open[around];
  if (outer === undefined) return open.length;
  const isSibling = outer.name === name;
  const isQuoted = !isSibling && open.slice(0, around).some((element) => element.name === name);
  const between = open[around + 1];
  if (isQuoted || (between !== undefined && !(isLeaf(between) && isFilled()))) return open.length;
  return isSibling ? around : around + 1;
}

function isLeaf({ name, attributes }: XmlElement): boolean {
  const local = name.replace(/^atom:/, '');
  // The content of an entry may be any XML, even a feed.
  if (local === 'content' && /(?<!xhtml\+)xml\b/i.test(attributes.get('type') ?? '')) return false;
  return LEAVES.has(local) || LEAF_PREFIXES.has(local.slice(0, local.indexOf(':')));
}
