/** The prefix under which we know a namespace; '' is the vocabulary of RSS itself. */
const PREFIX_OF_NAMESPACE: Readonly<Record<string, string>> = {
  'http://www.w3.org/2005/atom': 'atom',
  'http://purl.org/atom/ns#': 'atom',
  'http://purl.org/rss/1.0': '',
  'http://channel.netscape.com/rdf/simple/0.9': '',
  'http://my.netscape.com/rdf/simple/0.9': '',
  'http://backend.userland.com/rss2': '',
  'http://backend.userland.com/rss': '',
  'http://blogs.law.harvard.edu/tech/rss': '',
  'http://cyber.law.harvard.edu/rss/rss.html': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://purl.org/dc/elements/1.1': 'dc',
  'http://purl.org/dc/elements/1.0': 'dc',
  'http://purl.org/dc/terms': 'dcterms',
  'http://purl.org/rss/1.0/modules/content': 'content',
  'http://purl.org/rss/1.0/modules/syndication': 'sy',
  'http://search.yahoo.com/mrss': 'media',
  'http://www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://rssnamespace.org/feedburner/ext/1.0': 'feedburner',
};

/** Prefixes as declared around an element; '' is the default namespace. */
export type Namespaces = ReadonlyMap<string, string>;

/**
 * The declarations of an element, added to those around it. Names of attributes are in lower case. RSS is what it is, even
 * where it claims to be Atom by default, as some feeds do.
 */
export function declaredBy(
  element: string,
  attributes: ReadonlyMap<string, string>,
  around: Namespaces,
): Namespaces {
  let all: Map<string, string> | null = null;
  for (const [name, uri] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    if (name === 'xmlns' && element.toLowerCase() === 'rss') continue;
    all ??= new Map(around);
    all.set(name.slice('xmlns:'.length), normal(uri));
  }
  return all ?? around;
}

/**
 * The name of an element in our own prefixes and in lower case, e.g. `dc:date`, whatever prefix the document uses. A prefix
 * that is not declared, or of a namespace that we do not know, stays as it is.
 */
export function canonicalName(name: string, namespaces: Namespaces): string {
  const [prefix, local] = split(name.toLowerCase());
  const uri = namespaces.get(prefix);
  const known = uri === undefined ? undefined : PREFIX_OF_NAMESPACE[uri];
  const ours = known ?? prefix;
  return ours === '' ? local : `${ours}:${local}`;
}

/** A name without its prefix. */
export function localName(name: string): string {
  return split(name)[1];
}

function split(name: string): readonly [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function normal(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^https:/, 'http:')
    .replace(/\/$/, '');
}
