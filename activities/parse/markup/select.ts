import { escapeText, escapeAttribute } from 'entities';
import { localName } from './namespaces.js';
import type { XmlElement } from './xml-element.js';

/** The child elements of these names. */
export function childrenOf(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && names.includes(child.name),
  );
}

/** The first child element of the first name that there is one of. */
export function firstChild(element: XmlElement, ...names: readonly string[]): XmlElement | null {
  for (const name of names) {
    const [first] = childrenOf(element, name);
    if (first !== undefined) return first;
  }
  return null;
}

/** The text of the first child that has any, by the order of the names; null when none has. */
export function firstText(element: XmlElement, ...names: readonly string[]): string | null {
  for (const child of names.flatMap((name) => childrenOf(element, name))) {
    const text = textOf(child);
    if (text.trim() !== '') return text;
  }
  return null;
}

/** All text inside an element. */
export function textOf(element: XmlElement): string {
  return unwrapped(
    element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join(''),
  );
}

const CDATA_START = /^\s*<!\[CDATA\[/;

/** Some programs put text into CDATA twice, or escape what should have been CDATA. */
function unwrapped(text: string): string {
  if (!CDATA_START.test(text)) return text;
  return text.replace(CDATA_START, '').replace(/\]\]>\s*$/, '');
}

/** What is inside an element as HTML: markup that was escaped or in CDATA as it is, elements written out. */
export function markupOf(element: XmlElement): string {
  if (element.children.every((child) => typeof child === 'string')) return textOf(element);
  return innerHtml(element);
}

/** What is inside an element of XHTML, written as HTML. */
export function innerHtml(element: XmlElement): string {
  return element.children
    .map((child) => (typeof child === 'string' ? escapeText(child) : html(child)))
    .join('');
}

/** Elements that HTML writes without an end. */
const VOID = new Set('area br col embed hr img input link meta source track wbr'.split(' '));

function html(element: XmlElement): string {
  const name = localName(element.name);
  const attributes = [...element.attributes]
    .filter(([key]) => !key.startsWith('xmlns'))
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join('');
  return VOID.has(name) ? `<${name}${attributes}>` : `<${name}${attributes}>${innerHtml(element)}</${name}>`;
}

/** Everything below an element, of these names, wherever it stands. */
export function descendantsOf(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.flatMap((child) => {
    if (typeof child === 'string') return [];
    return names.includes(child.name) ? [child] : descendantsOf(child, ...names);
  });
}
