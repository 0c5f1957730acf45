import type { z } from 'zod';
import { describeAllowed, listKeys, oneOf } from './allowed.js';
import { factsOf, memberFor, membersOf, namesOf, schemaAt, valueAt } from './introspect.js';
import { nearest } from './nearest.js';
import { pathAsWritten } from './short-forms.js';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where, e.g. `['streams', 0, 'recovery', 'quick_retries']`. */
  readonly path: readonly (string | number)[];
  /** The value as it stands; undefined when it is missing or must not be shown. */
  readonly value: unknown;
  /** What is wrong and what is allowed. */
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

/** Longest value that a message repeats. */
const VALUE_SHOWN_MAX = 80;

const PASSWORD_IN_ADDRESS = /(:\/\/[^\s:@/]*):[^\s@/]+@/g;

/** Checks a value and tells everything that is wrong with it, or gives the parsed value. Never throws. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): { readonly config: z.output<Schema> } | { readonly problems: readonly ConfigProblem[] } {
  const result = schema.safeParse(input);
  if (result.success) return { config: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, input)) };
}

/** `streams[0].recovery.quick_retries`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

/** One problem as a line without a place in a file: `recovery.quick_retries: -1 is not allowed; expected ...`. */
export function formatProblem(problem: ConfigProblem): string {
  const path = formatPath(problem.path);
  return path === '' ? problem.message : `${path}: ${problem.message}`;
}

/** A value as a message shows it: JSON on one line, cut when long, passwords in addresses removed. */
export function showValue(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text = (text ?? String(value)).replace(PASSWORD_IN_ADDRESS, '$1:***@');
  return text.length <= VALUE_SHOWN_MAX ? text : `${text.slice(0, VALUE_SHOWN_MAX)}...`;
}

/** The sentence about a value that is not allowed. */
export function notAllowed(value: unknown, allowed: string): string {
  return `${showValue(value)} is not allowed; expected ${allowed}`;
}

function problemsOf(issue: z.core.$ZodIssue, root: z.ZodType, input: unknown): ConfigProblem[] {
  const schemaPath = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const path = pathAsWritten(schemaPath, input);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, root, input));
  }
  if (issue.code === 'invalid_key') {
    const allowed = withoutExpected(issue.issues[0]?.message ?? 'another name');
    return [{ path, value: path.at(-1), atKey: true, message: notAllowed(path.at(-1), allowed) }];
  }
  const schema = schemaAt(root, schemaPath, input);
  const value = valueAt(input, path);
  const allowed = allowedHere(issue, schema, root, input);
  if (value === undefined) return [{ path, value, message: `is missing; expected ${allowed}` }];
  if (schema !== undefined && factsOf(schema).secret === true) {
    return [{ path, value: undefined, message: `this value is not allowed; expected ${allowed}` }];
  }
  return [{ path, value, message: notAllowed(value, allowed) }];
}

/** Our own words where the schema has them, otherwise a description of the schema, never zod's wording. */
function allowedHere(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType | undefined,
  root: z.ZodType,
  input: unknown,
): string {
  if (issue.message.startsWith('expected ')) return withoutExpected(issue.message);
  if (issue.code === 'invalid_union' && issue.path.length > 0) {
    const parent = schemaAt(root, issue.path.slice(0, -1), input);
    const union = parent === undefined ? undefined : membersOf(parent);
    if (union !== undefined && union.key === issue.path.at(-1)) return oneOf([...union.members.keys()]);
  }
  if (issue.code === 'too_big' && issue.origin === 'array')
    return `a list of at most ${issue.maximum} entries`;
  if (issue.code === 'too_small' && issue.origin === 'array')
    return `a list of at least ${issue.minimum} entries`;
  return schema === undefined ? 'another value' : describeAllowed(schema);
}

function withoutExpected(message: string): string {
  return message.replace(/^expected /, '');
}

function unknownKey(
  parentPath: readonly (string | number)[],
  key: string,
  root: z.ZodType,
  input: unknown,
): ConfigProblem {
  const keys = keysAllowedAt(root, parentPath, input);
  const near = nearest(key, keys);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  return {
    path: [...parentPath, key],
    value: undefined,
    atKey: true,
    message: `unknown key; ${hint}allowed here: ${listKeys(keys)}`,
  };
}

function keysAllowedAt(
  root: z.ZodType,
  path: readonly (string | number)[],
  input: unknown,
): readonly string[] {
  const schema = schemaAt(root, path, input);
  const union = schema === undefined ? undefined : membersOf(schema);
  const member = union === undefined ? schema : memberFor(union, valueAt(input, path));
  return (member === undefined ? undefined : namesOf(member)) ?? [];
}
