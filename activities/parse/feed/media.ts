import { childrenOf, descendantsOf, firstChild, firstText } from '../markup/select.js';
import type { XmlElement } from '../markup/xml-element.js';
import type { FoundItem } from '../item.js';

type Enclosures = NonNullable<FoundItem['enclosures']>;

/** Files that an item of any feed names: `enclosure`, links of that kind, and Media RSS. */
export function enclosuresOf(item: XmlElement): Enclosures {
  const named = childrenOf(item, 'enclosure').map(({ attributes }) => ({
    url: attributes.get('url') ?? attributes.get('href'),
    type: attributes.get('type'),
    bytes: attributes.get('length'),
  }));
  const linked = childrenOf(item, 'link', 'atom:link')
    .filter(({ attributes }) => attributes.get('rel') === 'enclosure')
    .map((link) => ({
      url: link.attributes.get('href') ?? link.children.find((child) => typeof child === 'string'),
      type: link.attributes.get('type'),
      bytes: link.attributes.get('length'),
    }));
  const media = descendantsOf(item, 'media:content').map(({ attributes }) => ({
    url: attributes.get('url'),
    type: attributes.get('type'),
    bytes: attributes.get('filesize'),
  }));
  return [...named, ...linked, ...media];
}

/** The address of a picture of an item. */
export function imageOf(item: XmlElement, enclosures: Enclosures): string | null {
  const [thumbnail] = descendantsOf(item, 'media:thumbnail');
  const picture = descendantsOf(item, 'media:content').find(
    ({ attributes }) => attributes.get('medium') === 'image',
  );
  const inChannelForm = firstChild(item, 'image');
  return (
    firstChild(item, 'itunes:image')?.attributes.get('href') ??
    thumbnail?.attributes.get('url') ??
    picture?.attributes.get('url') ??
    (inChannelForm === null ? null : firstText(inChannelForm, 'url')) ??
    enclosures.find(({ type }) => type?.startsWith('image/') === true)?.url ??
    null
  );
}

/** What Media RSS and podcasts say about an item in place of a description. */
export function mediaDescription(item: XmlElement): string | null {
  const groups = [item, ...childrenOf(item, 'media:group')];
  for (const group of groups) {
    const text = firstText(group, 'media:description', 'itunes:summary', 'itunes:subtitle');
    if (text !== null) return text;
  }
  return null;
}
