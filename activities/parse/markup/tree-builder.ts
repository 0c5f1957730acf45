import type { Parser } from 'htmlparser2';
import { DEPTH_MAX, ELEMENTS_MAX, ITEMS_MAX } from '../limits.js';
import { ParseFailure } from '../parse-failure.js';
import { decodeEntities } from './entities.js';
import { openWhere } from './missing-ends.js';
import { canonicalName, declaredBy, type Namespaces } from './namespaces.js';
import type { XmlElement } from './xml-element.js';

interface OpenElement extends XmlElement {
  readonly children: (OpenElement | string)[];
  readonly namespaces: Namespaces;
  isClosed: boolean;
  isCut: boolean;
}

/** Most elements have none: one for all of them halves what a large document takes. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** Items without an end stay on the list of the parser. */
const ENTERED_MAX = DEPTH_MAX + ITEMS_MAX;

/** Makes elements of what the parser meets. */
export class TreeBuilder {
  readonly root: OpenElement;
  readonly #text: string;
  readonly #open: OpenElement[];
  /** What the parser takes for open: also items that have been ended by their next sibling. */
  readonly #entered: OpenElement[] = [];
  #parser: Parser | null = null;
  #elements = 0;
  #isCdata = false;
  #hasEnded = false;
  /** Where the last tag stands that has begun, or ended, an element. */
  #beganAt = -1;
  #endedAt = -1;

  constructor(text: string, baseUrl: string) {
    this.#text = text;
    this.root = openElement('', NO_ATTRIBUTES, new Map(), baseUrl, null);
    this.#open = [this.root];
  }

  /** What is still open has no end. */
  endOfText(): void {
    this.#hasEnded = true;
  }

  onparserinit(parser: Parser): void {
    this.#parser = parser;
  }

  onopentag(name: string, written: Record<string, string>): void {
    this.#elements += 1;
    if (this.#elements > ELEMENTS_MAX) throw new ParseFailure(`more than ${ELEMENTS_MAX} elements`);
    let element = childOf(this.#top(), name, written);
    if (this.#endUnclosed(element.name)) element = childOf(this.#top(), name, written);
    if (this.#open.length > DEPTH_MAX || this.#entered.length > ENTERED_MAX) {
      throw new ParseFailure(`elements nested more than ${DEPTH_MAX} deep`);
    }
    this.#top().children.push(element);
    this.#open.push(element);
    this.#entered.push(element);
    this.#beganAt = this.#parser?.startIndex ?? -1;
  }

  ontext(written: string): void {
    this.#top().children.push(this.#isCdata ? written : decodeEntities(written));
  }

  oncdatastart(): void {
    this.#isCdata = true;
  }

  oncdataend(): void {
    this.#isCdata = false;
  }

  /** @param isImplied The tag that stands here is not the element's own; that of `<item/>` counts as such, too. */
  onclosetag(_name: string, isImplied: boolean): void {
    const at = this.#parser?.startIndex ?? -1;
    const isInnermost = at !== this.#endedAt;
    this.#endedAt = at;
    const element = this.#entered.pop();
    if (element === undefined || element !== this.#open.at(-1)) return;
    this.#open.pop();
    element.isClosed = !isImplied || at === this.#beganAt;
    element.isCut = !element.isClosed && (this.#hasEnded || !isInnermost);
  }

  #top(): OpenElement {
    return this.#open.at(-1) ?? this.root;
  }

  /** Ends what cannot hold the element that begins; true when there was any. */
  #endUnclosed(name: string): boolean {
    const left = openWhere(name, this.#open, () => this.#isElementNext());
    const ended = this.#open.splice(left);
    for (const element of ended.slice(0, -1)) element.isCut = true;
    return ended.length > 0;
  }

  #isElementNext(): boolean {
    const next = /\s*<[a-z]/iy;
    next.lastIndex = (this.#parser?.endIndex ?? 0) + 1;
    return next.test(this.#text);
  }
}

function childOf(parent: OpenElement, name: string, written: Record<string, string>): OpenElement {
  const attributes = attributesOf(written);
  const namespaces = declaredBy(name, attributes, parent.namespaces);
  const base = attributes.get('xml:base');
  const isUsable = base !== undefined && URL.canParse(base, parent.baseUrl);
  const baseUrl = isUsable ? new URL(base, parent.baseUrl).href : parent.baseUrl;
  const xmlBase = isUsable ? baseUrl : parent.xmlBase;
  return openElement(canonicalName(name, namespaces), attributes, namespaces, baseUrl, xmlBase);
}

function attributesOf(written: Record<string, string>): ReadonlyMap<string, string> {
  const entries = Object.entries(written);
  if (entries.length === 0) return NO_ATTRIBUTES;
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), decodeEntities(value)]));
}

function openElement(
  name: string,
  attributes: ReadonlyMap<string, string>,
  namespaces: Namespaces,
  baseUrl: string,
  xmlBase: string | null,
): OpenElement {
  return {
    name,
    attributes,
    namespaces,
    baseUrl,
    xmlBase,
    children: [],
    isClosed: false,
    isCut: false,
  };
}
