/**
 * Goal: the example file is the reference: it holds, it works as a demo, and it shows every key with its default.
 * Method: it is checked as it stands and with every commented key switched on, against the schema in both directions.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfigFile, type LoadedConfig } from '../../client/config-file/index.js';
import { parseConfigDocument } from '../../client/config-file/document.js';
import { describeKeys } from '../../core/config/describe-keys.js';
import { parseDurationMs } from '../../core/config/duration.js';
import { configSchema } from '../../core/config/index.js';
import { uncommentKeys } from '../support/uncomment.js';

const EXAMPLE = fileURLToPath(new URL('../../holdfast.example.yaml', import.meta.url));

/** Values that the example shows on purpose although they are not the default. */
const NOT_DEFAULTS = new Set([
  'streams[].watch',
  'notify[].min_level',
  'captures[].input',
  'captures[].input.probe',
  'captures[].encode.options',
  'captures[].outputs',
  'captures[].recovery.causes',
  'sources[].announce',
]);

let text: string;
let everything: unknown;
let directory: string;

beforeAll(async () => {
  text = await readFile(EXAMPLE, 'utf8');
  const document = parseConfigDocument(uncommentKeys(text));
  if ('errors' in document) throw new Error(JSON.stringify(document.errors));
  everything = document.content;
  directory = await mkdtemp(join(tmpdir(), 'holdfast-example-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('holdfast.example.yaml', () => {
  it('holds without a warning and records the demo source', async () => {
    const { config, warnings } = await loadConfigFile(EXAMPLE);
    expect(warnings).toEqual([]);
    expect(config.streams).toHaveLength(1);
    expect(config.streams[0]?.resolver).toEqual({
      kind: 'direct',
      url: `http://${config.demo?.listen}/live.ts`,
    });
  });

  it('holds with every commented key switched on', async () => {
    const file = join(directory, 'everything.yaml');
    await writeFile(file, uncommentKeys(text));
    const loaded: LoadedConfig = await loadConfigFile(file, {});
    expect(loaded.config.notify.map(({ sink }) => sink)).toEqual([
      'log',
      'webhook',
      'command',
      'telegram',
      'discord',
      'slack',
      'ntfy',
      'email',
    ]);
    expect(loaded.config.captures.length).toBeGreaterThan(3);
  });

  it('shows every key of the schema', () => {
    const shown = pathsOf(everything);
    const missing = describeKeys(configSchema)
      .filter(({ path }) => !shown.some((found) => matches(path, found.path)))
      .map(({ path }) => path);
    expect(missing).toEqual([]);
  });

  it('shows every kind of sink, resolver, input, probe, output and parser', () => {
    const shown = pathsOf(everything);
    const kinds = describeKeys(configSchema).filter(({ path, onlyWith }) =>
      onlyWith.some((condition) => condition.path === path),
    );
    const missing = kinds.filter(
      ({ path, allowed }) => !shown.some((found) => matches(path, found.path) && found.value === allowed),
    );
    expect(kinds.length).toBeGreaterThan(20);
    expect(missing.map(({ path, allowed }) => `${path}: ${allowed}`)).toEqual([]);
  });

  it('shows the default of each key that has one', () => {
    const shown = pathsOf(everything);
    const wrong = describeKeys(configSchema)
      .filter((key) => key.default !== undefined && !NOT_DEFAULTS.has(key.path))
      .filter(({ path }) => !/^(?:notify|streams|captures|sources)$/.test(path))
      .filter((key) => !shown.some(({ path, value }) => matches(key.path, path) && same(value, key.default)));
    expect(wrong.map(({ path, default: value }) => `${path}: ${JSON.stringify(value)}`)).toEqual([]);
  });
});

interface Shown {
  readonly path: string;
  readonly value: unknown;
}

/** Every key of a document with its value; list indexes are written `[]`. */
function pathsOf(value: unknown, path = ''): Shown[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const below = path === '' ? key : `${path}.${key}`;
    return [{ path: below, value: item as unknown }, ...pathsOf(item, below)];
  });
}

function matches(pattern: string, path: string): boolean {
  const left = pattern.split('.');
  const right = path.split('.');
  return left.length === right.length && left.every((part, index) => part === '*' || part === right[index]);
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    const ms = parseDurationMs(left);
    return left === right || (ms !== undefined && ms === parseDurationMs(right));
  }
  return JSON.stringify(left) === JSON.stringify(right);
}
