import type { z } from 'zod';
import { describeAllowed } from './allowed.js';
import { elementOf, innerSchema, kindOf, membersOf, shapeOf } from './introspect.js';
import { defaultAsWritten } from './json-schema.js';

/** One key of the configuration as the documentation shows it. */
export interface KeyDescription {
  /** e.g. `streams[].recovery.quick_retries`; `*` stands for any name. */
  readonly path: string;
  readonly description: string;
  /** Completes the sentence "expected ...". */
  readonly allowed: string;
  /** The default as written in the file; undefined when there is none. */
  readonly default: unknown;
  readonly required: boolean;
  /** Where the key is there only for some kinds: e.g. `captures[].outputs[].kind` with `record`. */
  readonly onlyWith: readonly Condition[];
}

/** A key that tells members of a union apart, and the values of it with which another key is there. */
export interface Condition {
  readonly path: string;
  readonly values: readonly string[];
  /** How many values there are in all. */
  readonly of: number;
}

/** Every key of a schema, parents before children, in the order of the schema; the same key of several kinds once. */
export function describeKeys(schema: z.core.$ZodType): KeyDescription[] {
  const merged = new Map<string, KeyDescription>();
  for (const key of keysBelow(schema, '', [])) {
    const { onlyWith, ...facts } = key;
    const identity = JSON.stringify(facts);
    const known = merged.get(identity);
    merged.set(identity, known === undefined ? key : { ...known, onlyWith: unite(known.onlyWith, onlyWith) });
  }
  return [...merged.values()].map((key) => ({
    ...key,
    onlyWith: key.onlyWith.filter((condition) => condition.values.length < condition.of),
  }));
}

function unite(left: readonly Condition[], right: readonly Condition[]): Condition[] {
  return left.map((condition, index) => ({
    ...condition,
    values: [...new Set([...condition.values, ...(right[index]?.values ?? [])])],
  }));
}

function keysBelow(schema: z.core.$ZodType, path: string, onlyWith: readonly Condition[]): KeyDescription[] {
  const union = membersOf(schema);
  if (union !== undefined) {
    return [...union.members].flatMap(([value, member]) => {
      const condition = { path: join(path, union.key), values: [value], of: union.members.size };
      return keysBelow(member, path, [...onlyWith, condition]);
    });
  }
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([name, child]) => [
      describeKey(child, join(path, name), onlyWith),
      ...keysBelow(child, join(path, name), onlyWith),
    ]);
  }
  const element = elementOf(schema);
  if (element === undefined) return [];
  return keysBelow(element, kindOf(schema).type === 'array' ? `${path}[]` : join(path, '*'), onlyWith);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function describeKey(schema: z.core.$ZodType, path: string, onlyWith: readonly Condition[]): KeyDescription {
  return {
    path,
    description: descriptionOf(schema),
    allowed: describeAllowed(schema),
    default: defaultOf(schema),
    required: isRequired(schema),
    onlyWith,
  };
}

/** The description nearest to the outside: a key may say more than the type it is of. */
function descriptionOf(schema: z.core.$ZodType): string {
  const own = (schema as z.ZodType).description;
  if (own !== undefined) return own;
  const inner = (schema as z.ZodType).def as { innerType?: z.core.$ZodType };
  if (inner.innerType !== undefined) return descriptionOf(inner.innerType);
  return (innerSchema(schema) as z.ZodType).description ?? '';
}

function defaultOf(schema: z.core.$ZodType): unknown {
  const def = (schema as z.ZodType).def as {
    type: string;
    defaultValue?: unknown;
    innerType?: z.core.$ZodType;
  };
  if (def.type === 'default') return defaultAsWritten(schema);
  if (def.type === 'prefault') return isEmpty(def.defaultValue) ? undefined : def.defaultValue;
  return def.innerType === undefined ? undefined : defaultOf(def.innerType);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isRequired(schema: z.core.$ZodType): boolean {
  return !(schema as z.ZodType).safeParse(undefined).success;
}
