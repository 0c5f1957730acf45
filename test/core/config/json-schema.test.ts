import { describe, expect, it } from '@jest/globals';
import { configJsonSchema } from '../../../core/config/json-schema.js';

interface JsonSchema {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

const schema = configJsonSchema() as JsonSchema;

function at(...path: string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (found, key) => (key === '[]' ? found?.items : found?.properties?.[key]),
    schema,
  );
}

describe('the JSON Schema of the configuration', () => {
  it('names its draft and forbids unknown keys', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema['additionalProperties']).toBe(false);
    expect(at('streams', '[]')?.['additionalProperties']).toBe(false);
  });

  it('is about what people write: defaults are not required, durations are seconds or strings', () => {
    expect(schema['required']).toBeUndefined();
    expect(at('streams', '[]')?.['required']).toEqual(['id', 'resolver']);
    expect(at('streams', '[]', 'stall_timeout')).toMatchObject({
      type: ['number', 'string'],
      default: '15s',
    });
    expect(at('sources', '[]', 'fetch', 'max_body')).toMatchObject({ default: '15MiB' });
  });

  it('carries a description for every key', () => {
    expect(at('streams', '[]', 'recovery', 'quick_retries')?.['description']).toContain('Quick retries');
    expect(at('data_dir')?.['description']).toContain('relative to this file');
  });

  it('allows the short forms of a capture input', () => {
    const forms = at('captures', '[]', 'input')?.oneOf?.map((form) => form['required']);
    expect(forms).toContainEqual(['ffmpeg']);
    expect(forms).toContainEqual(['gstreamer']);
  });
});
