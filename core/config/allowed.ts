import type { z } from 'zod';
import { elementOf, factsOf, innerSchema, kindOf, membersOf, shapeOf } from './introspect.js';

/** Longest list of keys that a message spells out; more would hide the rest of the line. */
const KEYS_SHOWN_MAX = 12;

/** What a schema allows: completes the sentence "expected ...". */
export function describeAllowed(schema: z.core.$ZodType): string {
  const facts = factsOf(schema);
  if (facts.allowed !== undefined) return facts.allowed;
  const kind = kindOf(schema);
  switch (kind.type) {
    case 'number':
      return describeNumber(innerSchema(schema) as z.ZodNumber);
    case 'string':
      return describeString(innerSchema(schema) as z.ZodString);
    case 'boolean':
      return 'true or false';
    case 'enum':
      return oneOf(Object.values(kind.entries as Record<string, string>));
    case 'literal':
      return oneOf((kind.values as unknown[]).map(String));
    case 'array':
      return `a list; each entry: ${describeAllowed(elementOf(schema) as z.core.$ZodType)}`;
    case 'record':
      return `a mapping of names to values; each value: ${describeAllowed(elementOf(schema) as z.core.$ZodType)}`;
    case 'object':
      return `a mapping with the keys ${listKeys(Object.keys(shapeOf(schema) ?? {}))}`;
    case 'union':
      return describeUnion(schema);
    default:
      return `a ${kind.type}`;
  }
}

/** `one of a, b, c`, or just `a`. */
export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

/** Keys separated by commas, at most a dozen. */
export function listKeys(keys: readonly string[]): string {
  if (keys.length <= KEYS_SHOWN_MAX) return keys.join(', ');
  return `${keys.slice(0, KEYS_SHOWN_MAX).join(', ')} and ${keys.length - KEYS_SHOWN_MAX} more`;
}

function describeUnion(schema: z.core.$ZodType): string {
  const union = membersOf(schema);
  if (union !== undefined) return `a mapping with ${union.key}: ${oneOf([...union.members.keys()])}`;
  const options = kindOf(schema).options as z.core.$ZodType[];
  return options.map(describeAllowed).join(' or ');
}

function describeNumber(schema: z.ZodNumber): string {
  const noun = schema.format === 'safeint' || schema.isInt ? 'an integer' : 'a number';
  const { minValue, maxValue } = schema;
  const least = minValue !== null && Number.isFinite(minValue) && minValue > Number.MIN_SAFE_INTEGER;
  const most = maxValue !== null && Number.isFinite(maxValue) && maxValue < Number.MAX_SAFE_INTEGER;
  if (least && most) return `${noun} from ${minValue} to ${maxValue}`;
  if (least) return `${noun} of at least ${minValue}`;
  if (most) return `${noun} of at most ${maxValue}`;
  return noun;
}

function describeString(schema: z.ZodString): string {
  const { minLength, maxLength } = schema;
  if (maxLength !== null && maxLength !== undefined)
    return `a text of ${minLength ?? 0} to ${maxLength} characters`;
  return minLength !== null && minLength !== undefined && minLength > 0
    ? 'a text that is not empty'
    : 'a text';
}
