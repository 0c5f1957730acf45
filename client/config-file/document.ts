import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { ConfigError } from './errors.js';
import { hideReferences, showReferences } from './text.js';

type Path = readonly (string | number)[];

/** A parsed file that remembers where everything stood. */
export interface ConfigDocument {
  /** The content as written, `${env:NAME}` unexpanded. */
  readonly content: unknown;
  /** Line and column of a key's value, or of the key; of the nearest parent when there is no such key. */
  locate(path: Path, atKey: boolean): { readonly line: number; readonly column: number };
}

/** How often anchors may be repeated; more is an attack and not a configuration. */
const ALIASES_MAX = 100;

/** Parses YAML or JSON. Gives the errors when the syntax is wrong. */
export function parseConfigDocument(text: string): ConfigDocument | { readonly errors: ConfigError[] } {
  const lines = new LineCounter();
  const document = parseDocument(hideReferences(text), {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    version: '1.2',
    stringKeys: true,
  });
  if (document.errors.length > 0)
    return { errors: document.errors.map((error) => syntaxError(error, lines, text)) };
  try {
    restoreReferences(document);
    const content: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { content, locate: (path, atKey) => locate(document, lines, path, atKey) };
  } catch (error) {
    const message = `the anchors and aliases of this file cannot be used: ${(error as Error).message}`;
    return { errors: [{ line: 1, column: 1, key: '', value: undefined, message }] };
  }
}

function syntaxError(error: YAMLError, lines: LineCounter, text: string): ConfigError {
  const { line, col } = lines.linePos(error.pos[0]);
  const message = `not valid YAML: ${SYNTAX_HINTS[error.code] ?? showReferences(error.message)}`;
  const key = error.code === 'DUPLICATE_KEY' ? keyAt(text, error.pos[0]) : '';
  return { line: Math.max(line, 1), column: Math.max(col, 1), key, value: undefined, message };
}

function keyAt(text: string, offset: number): string {
  return /^[^:\n]{1,80}/.exec(text.slice(offset))?.[0].trim() ?? '';
}

/** Plainer words for what people do most often. */
const SYNTAX_HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'tabs are not allowed as indentation; use spaces',
  DUPLICATE_KEY: 'this key stands twice in the same mapping; keys must be unique',
  MULTIPLE_DOCS: 'a file holds one document; remove the line with ---',
};

function restoreReferences(document: Document): void {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string') node.value = showReferences(node.value);
    },
  });
}

function locate(
  document: Document,
  lines: LineCounter,
  path: Path,
  atKey: boolean,
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, key] of path.entries()) {
    const step = stepInto(node, key, document);
    if (step === undefined) break;
    const last = index === path.length - 1;
    offset = (last && atKey ? step.keyOffset : (step.valueOffset ?? step.keyOffset)) ?? offset;
    node = step.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

interface Step {
  readonly value: unknown;
  readonly keyOffset: number | undefined;
  readonly valueOffset: number | undefined;
}

function stepInto(parent: unknown, key: string | number, document: Document): Step | undefined {
  const node = resolve(parent, document);
  if (isSeq(node)) {
    const value = node.items[Number(key)];
    return value === undefined
      ? undefined
      : { value, keyOffset: startOf(value), valueOffset: startOf(value) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
  );
  if (pair === undefined) return undefined;
  return { value: pair.value, keyOffset: startOf(pair.key), valueOffset: startOf(pair.value) };
}

function resolve(node: unknown, document: Document): unknown {
  const alias = node as { resolve?: (document: Document) => Node | undefined } | null;
  return typeof alias?.resolve === 'function' ? alias.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
