import type { z } from 'zod';
import { kindOf, shapeOf } from '../../../core/config/introspect.js';
import { jobEntrySchema, type JobKind } from '../../../core/jobs/index.js';
import { UsageError } from '../errors.js';

/**
 * Reads `--set key=value` of a job into its parameters: numbers, true, false, lists and mappings as JSON writes them, lists also
 * with commas, anything else as text; `period.from=...` sets a key of a mapping.
 * @throws {UsageError}
 */
export function parseParams(kind: JobKind, settings: readonly string[]): Record<string, unknown> {
  const shape = paramsShape(kind);
  const params: Record<string, unknown> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals <= 0) throw new UsageError(`--set ${setting}: expected key=value`);
    const path = setting.slice(0, equals).split('.');
    const text = setting.slice(equals + 1);
    const schema = path.length === 1 ? shape[path[0] ?? ''] : undefined;
    put(params, path, valueOf(text, schema), setting);
  }
  return params;
}

function paramsShape(kind: JobKind): Readonly<Record<string, z.core.$ZodType>> {
  const member = jobEntrySchema.options.find(({ shape }) => shape.kind.value === kind);
  return (member === undefined ? undefined : shapeOf(member.shape.params)) ?? {};
}

function valueOf(text: string, schema: z.core.$ZodType | undefined): unknown {
  const type = schema === undefined ? undefined : kindOf(schema).type;
  if (type === 'string' || type === 'enum') return text;
  const value = jsonOf(text);
  if (type === 'array' && !Array.isArray(value)) return text.split(',').map((part) => part.trim());
  return value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function put(
  target: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
  setting: string,
): void {
  const [key = '', ...rest] = path;
  if (key === '' || key === '__proto__') throw new UsageError(`--set ${setting}: expected key=value`);
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = Object.hasOwn(target, key) ? target[key] : {};
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
    throw new UsageError(`--set ${setting}: ${key} has a value of its own already`);
  }
  target[key] = inner;
  put(inner as Record<string, unknown>, rest, value, setting);
}
