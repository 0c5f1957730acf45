import { z } from 'zod';
import { formatDurationMs } from './duration.js';
import { configSchema } from './file.js';
import { factsOf } from './introspect.js';
import { INPUT_SHORT_FORMS } from './short-forms.js';
import { formatSizeBytes } from './size.js';

const DURATION_PATTERN = '^\\s*\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)\\s*$';
const SIZE_PATTERN = '^\\s*\\d+(\\.\\d+)?\\s*([Bb]|[kKmMgGtT][iI]?[bB])\\s*$';

/** JSON Schema (draft 2020-12) of `holdfast.yaml` as people write it, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ zodSchema, jsonSchema }) => refine(zodSchema, jsonSchema),
  });
  return { title: 'holdfast.yaml', ...schema };
}

function refine(zodSchema: z.core.$ZodType, jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const def = (zodSchema as z.ZodType).def as { type: string; defaultValue?: unknown };
  const facts = factsOf(zodSchema);
  if (facts.unit !== undefined)
    jsonSchema.pattern = facts.unit === 'duration' ? DURATION_PATTERN : SIZE_PATTERN;
  if (facts.unit !== undefined && jsonSchema.type !== undefined) jsonSchema.minimum = 0;
  if (def.type === 'default') jsonSchema.default = defaultAsWritten(zodSchema);
  addShortForms(jsonSchema);
}

/** The default of a schema in the words of the file: `15s` and not 15000. */
export function defaultAsWritten(schema: z.core.$ZodType): unknown {
  const value = ((schema as z.ZodType).def as unknown as { defaultValue: unknown }).defaultValue;
  const unit = factsOf(schema).unit;
  if (typeof value !== 'number' || unit === undefined) return value;
  return unit === 'duration' ? formatDurationMs(value) : formatSizeBytes(value);
}

/** The inputs of a capture may be written without `kind`; zod cannot say so because it happens before the check. */
function addShortForms(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const members = jsonSchema.oneOf;
  if (!Array.isArray(members) || members.length !== 3) return;
  const short = members.flatMap((member) => shortFormOf(member));
  if (short.length > 0) jsonSchema.oneOf = [...members, ...short];
}

function shortFormOf(member: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema[] {
  const properties = member.properties as Record<string, { const?: unknown }> | undefined;
  for (const [kind, key] of Object.entries(INPUT_SHORT_FORMS)) {
    if (properties?.['kind']?.const !== kind || properties[key] === undefined) continue;
    const { kind: _kind, [key]: content, ...rest } = properties;
    return [
      {
        ...member,
        properties: { [kind]: content, ...rest },
        required: [kind],
      } as z.core.JSONSchema.BaseSchema,
    ];
  }
  return [];
}
