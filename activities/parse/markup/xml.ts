import { decodeHTMLStrict } from 'entities';
import { Parser } from 'htmlparser2';
import { DEPTH_MAX, ELEMENTS_MAX } from '../limits.js';
import { ParseFailure } from '../parse-failure.js';
import { canonicalName, declaredBy, type Namespaces } from './namespaces.js';

/** An element with its names in our own prefixes and its entities resolved. */
export interface XmlElement {
  /** E.g. `pubdate`, `dc:date`: lower case. */
  readonly name: string;
  /** Names in lower case, as written. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
  /** What relative addresses inside are relative to. */
  readonly baseUrl: string;
  /** The nearest `xml:base` at or around it; null when there is none. */
  readonly xmlBase: string | null;
  /** False when the document ended before the element did. */
  readonly isClosed: boolean;
}

interface OpenElement extends XmlElement {
  readonly children: (OpenElement | string)[];
  readonly namespaces: Namespaces;
  isClosed: boolean;
}

/** Most elements have none: one for all of them halves what a large document takes. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/**
 * Reads XML as it is met: entities of HTML, bare ampersands, wrong nesting and a missing end are all taken. Entities that
 * the document itself defines are not resolved, so that none can grow.
 * @returns A root that stands for the document; its children are what is outermost.
 * @throws {ParseFailure} when the document is nested too deeply or too large.
 */
export function readXml(text: string, baseUrl: string): XmlElement {
  const root = openElement('', NO_ATTRIBUTES, new Map(), baseUrl, null);
  const open = [root];
  let elements = 0;
  let isCdata = false;
  const top = (): OpenElement => open.at(-1) ?? root;
  const parser = new Parser(
    {
      onopentag: (name, written) => {
        elements += 1;
        if (open.length > DEPTH_MAX) throw new ParseFailure(`elements nested more than ${DEPTH_MAX} deep`);
        if (elements > ELEMENTS_MAX) throw new ParseFailure(`more than ${ELEMENTS_MAX} elements`);
        const element = childOf(top(), name, written);
        top().children.push(element);
        open.push(element);
      },
      ontext: (written) => void top().children.push(isCdata ? written : decodeHTMLStrict(written)),
      oncdatastart: () => void (isCdata = true),
      oncdataend: () => void (isCdata = false),
      onclosetag: (_name, isImplied) => {
        const closed = open.pop();
        if (closed !== undefined) closed.isClosed = !isImplied;
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.end(text);
  return root;
}

function childOf(parent: OpenElement, name: string, written: Record<string, string>): OpenElement {
  const attributes = attributesOf(written);
  const namespaces = declaredBy(attributes, parent.namespaces);
  const base = attributes.get('xml:base');
  const isUsable = base !== undefined && URL.canParse(base, parent.baseUrl);
  const baseUrl = isUsable ? new URL(base, parent.baseUrl).href : parent.baseUrl;
  const xmlBase = isUsable ? baseUrl : parent.xmlBase;
  return openElement(canonicalName(name, namespaces), attributes, namespaces, baseUrl, xmlBase);
}

function attributesOf(written: Record<string, string>): ReadonlyMap<string, string> {
  const entries = Object.entries(written);
  if (entries.length === 0) return NO_ATTRIBUTES;
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), decodeHTMLStrict(value)]));
}

function openElement(
  name: string,
  attributes: ReadonlyMap<string, string>,
  namespaces: Namespaces,
  baseUrl: string,
  xmlBase: string | null,
): OpenElement {
  return { name, attributes, namespaces, baseUrl, xmlBase, children: [], isClosed: false };
}
