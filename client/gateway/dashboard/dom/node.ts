/** A description of an element: views are functions that return it, and `patch` brings the page to it. */
export interface Element_ {
  readonly tag: string;
  /** Elements of one parent with the same key stay the same element, wherever they move. */
  readonly key: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, (event: Event) => void>>;
  readonly children: readonly Child[];
}

/** Text is only ever text: nothing of what is shown is read as HTML. */
export type Child = Element_ | string;

type Value = string | number | boolean | null | undefined | ((event: Event) => void);
type Content = Child | null | undefined | false | readonly Content[];

/** Attributes with which an address is named: what a stranger wrote must not become code. */
const ADDRESSES: ReadonlySet<string> = new Set(['href', 'src']);

/**
 * Describes an element. A function is a listener by its name (`click`), `true` an empty attribute; `false`, `null` and `undefined` none.
 */
export function h(
  tag: string,
  properties: Readonly<Record<string, Value>> = {},
  ...content: readonly Content[]
): Element_ {
  const attributes: Record<string, string> = {};
  const listeners: Record<string, (event: Event) => void> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'key' || value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') listeners[name] = value;
    else if (isSafe(name, String(value))) attributes[name] = value === true ? '' : String(value);
  }
  const { key } = properties;
  return {
    tag,
    key: typeof key === 'string' ? key : undefined,
    attributes,
    listeners,
    children: childrenOf(content),
  };
}

function childrenOf(content: readonly Content[]): Child[] {
  return content.flatMap((each): Child[] => {
    if (each === null || each === undefined || each === false || each === '') return [];
    if (Array.isArray(each)) return childrenOf(each as readonly Content[]);
    return [each as Child];
  });
}

function isSafe(name: string, value: string): boolean {
  if (name.startsWith('on')) return false;
  return !ADDRESSES.has(name) || isSafeAddress(value);
}

/** Of the web, of this page, or a picture that the page itself has fetched. */
export function isSafeAddress(value: string): boolean {
  return /^(?:https?:\/\/|#|\/(?!\/)|blob:)/i.test(value);
}

/** A link to another page, or only its text where the address is not one of the web. */
export function outsideLink(address: string, text: string): Child {
  if (!/^https?:\/\//i.test(address)) return text;
  return h('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, text);
}
