import type { ConfigProblem } from './problems.js';
import { notAllowed } from './problems.js';

const REFERENCE = /\$\{env:([^{}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ALLOWED = '${env:NAME}, the name of letters, digits and underscores';

/** A reference to an environment variable in a configuration. */
export interface EnvReference {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** Deepest nesting that is looked into; a configuration has about six levels. */
const DEPTH_MAX = 64;

/** Every `${env:NAME}` of a document. */
export function envReferences(input: unknown): EnvReference[] {
  return stringsOf(input).flatMap(({ text, path }) =>
    [...text.matchAll(REFERENCE)].map((match) => ({ name: match[1] ?? '', path })),
  );
}

/** References that are not written as they must be: an impossible name, or one that does not end. */
export function envReferenceProblems(input: unknown): ConfigProblem[] {
  return stringsOf(input)
    .filter(({ text }) => {
      const whole = [...text.matchAll(REFERENCE)];
      const begun = text.split('${env').length - 1;
      return whole.some((match) => !NAME.test(match[1] ?? '')) || begun > whole.length;
    })
    .map(({ text, path }) => ({ path, value: text, message: notAllowed(text, ALLOWED) }));
}

function stringsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): { readonly text: string; readonly path: readonly (string | number)[] }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => stringsOf(item, [...path, key]));
}
