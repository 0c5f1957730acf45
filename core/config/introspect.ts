import type { z } from 'zod';
import { configFacts, type ConfigFacts } from './facts.js';

/** Any zod schema as this module sees it: its definition decides what to do next. */
type Schema = z.core.$ZodType;

/** A union with the key that tells its members apart, e.g. `kind`. */
export interface Union {
  readonly key: string;
  readonly members: ReadonlyMap<string, Schema>;
}

const WRAPPERS = ['optional', 'default', 'prefault', 'nullable', 'readonly', 'catch', 'nonoptional'];

/** The schema inside optional, default and the like; of a preprocessed one the schema behind the step. */
export function innerSchema(schema: Schema): Schema {
  const def = definition(schema);
  if (configFacts.get(schema as z.ZodType)?.allowed !== undefined) return schema;
  if (WRAPPERS.includes(def.type)) return innerSchema(def.innerType as Schema);
  if (def.type === 'pipe') {
    const input = def.in as Schema;
    return innerSchema(definition(input).type === 'transform' ? (def.out as Schema) : input);
  }
  return schema;
}

/** Facts noted on a schema or on what it wraps. */
export function factsOf(schema: Schema): ConfigFacts {
  return configFacts.get(innerSchema(schema) as z.ZodType) ?? {};
}

/** Keys of an object schema; undefined when it is none. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const def = definition(innerSchema(schema));
  return def.type === 'object' ? (def.shape as Record<string, Schema>) : undefined;
}

/** The union behind a schema; undefined when nothing tells its members apart. */
export function membersOf(schema: Schema): Union | undefined {
  const def = definition(innerSchema(schema));
  if (def.type !== 'union' || typeof def.discriminator !== 'string') return undefined;
  const key = def.discriminator;
  const members = (def.options as Schema[]).map((member): [string, Schema] => {
    const literal = definition(innerSchema(shapeOf(member)?.[key] as Schema));
    return [String((literal.values as unknown[])[0]), member];
  });
  return { key, members: new Map(members) };
}

/** The schema of list entries or of mapping values; undefined when it is neither. */
export function elementOf(schema: Schema): Schema | undefined {
  const def = definition(innerSchema(schema));
  if (def.type === 'array') return def.element as Schema;
  if (def.type === 'record') return def.valueType as Schema;
  return undefined;
}

/** The names a mapping may use; undefined when any name will do or it is no mapping. */
export function namesOf(schema: Schema): readonly string[] | undefined {
  const shape = shapeOf(schema);
  if (shape !== undefined) return Object.keys(shape);
  const def = kindOf(schema);
  if (def.type !== 'record' || kindOf(def.keyType as Schema).type !== 'enum') return undefined;
  return Object.values(kindOf(def.keyType as Schema).entries as Record<string, string>);
}

/** Follows a path into a schema; `input` decides between the members of a union. */
export function schemaAt(schema: Schema, path: readonly PropertyKey[], input: unknown): Schema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const union = membersOf(schema);
  const objectSchema = union === undefined ? schema : memberFor(union, input);
  if (objectSchema === undefined) return undefined;
  const next = shapeOf(objectSchema)?.[String(key)] ?? elementOf(objectSchema);
  return next === undefined ? undefined : schemaAt(next, rest, valueAt(input, [key]));
}

/** The member of a union that a value means: by its key, or by its short form, e.g. `{ ffmpeg: [...] }`. */
export function memberFor(union: Union, input: unknown): Schema | undefined {
  const named = valueAt(input, [union.key]);
  if (named !== undefined) return typeof named === 'string' ? union.members.get(named) : undefined;
  return [...union.members].find(([name]) => valueAt(input, [name]) !== undefined)?.[1];
}

/** The value a path leads to; undefined when it leads nowhere. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

interface Definition {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The definition behind a schema. */
function definition(schema: Schema): Definition {
  return (schema as z.ZodType).def as unknown as Definition;
}

/** The kind of a schema, e.g. `object`, `number`, and its definition, for those who describe it. */
export function kindOf(schema: Schema): Definition {
  return definition(innerSchema(schema));
}
