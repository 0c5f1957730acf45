import type { Child, Element_ } from './node.js';

/** Elements of drawings live in a namespace of their own. */
const DRAWING = 'http://www.w3.org/2000/svg';
const DRAWING_TAGS: ReadonlySet<string> = new Set(['svg', 'rect', 'g']);

/** What an element was last described as. */
const described = new WeakMap<Element, Element_>();

/** Brings the content of an element to a description; what is the same stays, with its focus, scroll and input. */
export function patchChildren(parent: Element, children: readonly Child[]): void {
  const kept = new Map<string, Element>();
  for (const element of parent.children) {
    const key = described.get(element)?.key;
    if (key !== undefined) kept.set(key, element);
  }
  let next = parent.firstChild;
  for (const child of children) {
    const node = fitting(child, next, kept);
    if (node === next) {
      next = next.nextSibling;
    } else {
      parent.insertBefore(node, next);
      // One of another key stood here: it is found by its key, or removed in the end.
    }
    if (typeof child !== 'string') patchElement(node as Element, child);
  }
  while (next !== null) {
    const following: ChildNode | null = next.nextSibling;
    next.remove();
    next = following;
  }
}

/** The node that becomes a child: the one of its key, the one in its place if that will do, or a new one. */
function fitting(child: Child, place: ChildNode | null, kept: ReadonlyMap<string, Element>): ChildNode {
  if (typeof child === 'string') {
    if (place?.nodeType !== Node.TEXT_NODE) return document.createTextNode(child);
    if (place.nodeValue !== child) place.nodeValue = child;
    return place;
  }
  if (child.key !== undefined) {
    const same = kept.get(child.key);
    return same !== undefined && described.get(same)?.tag === child.tag ? same : create(child);
  }
  if (place instanceof Element) {
    const was = described.get(place);
    if (was?.tag === child.tag && was.key === undefined) return place;
  }
  return create(child);
}

function create({ tag }: Element_): Element {
  return DRAWING_TAGS.has(tag) ? document.createElementNS(DRAWING, tag) : document.createElement(tag);
}

function patchElement(element: Element, now: Element_): void {
  const was = described.get(element);
  described.set(element, now);
  for (const name of Object.keys(was?.attributes ?? {})) {
    if (now.attributes[name] === undefined) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(now.attributes)) {
    // What a person has typed or opened since is not touched as long as the description says the same.
    if (was?.attributes[name] !== value) element.setAttribute(name, value);
  }
  for (const name of Object.keys(now.listeners)) {
    if (was?.listeners[name] === undefined) listen(element, name);
  }
  patchChildren(element, now.children);
}

/** One listener for the life of an element: it calls whatever is described at the time. */
function listen(element: Element, name: string): void {
  element.addEventListener(name, (event) => described.get(element)?.listeners[name]?.(event));
}
