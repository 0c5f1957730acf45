/** Goal: `holdfast check` and `holdfast schema` answer programs and people alike, with the right exit status. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../../support/run-cli.js';

const CONFIGS = fileURLToPath(new URL('../../../fixtures/configs', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../../holdfast.example.yaml', import.meta.url));
const bad = (name: string) => join(CONFIGS, 'bad', name);

/** Programs at once: starting Node is most of the time. */
const LANES = 4;

async function expectRefused(name: string): Promise<void> {
  const { status, stderr, stdout } = await runCli(['check', '-c', bad(name)]);
  expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: '' });
  expect(stderr).toContain(`${name}:`);
  expect(stderr).not.toContain('    at ');
}

describe('holdfast check', () => {
  it('says that a file holds and what is in it', async () => {
    const { status, stdout } = await runCli(['check', '-c', EXAMPLE]);
    expect(status).toBe(0);
    expect(stdout.trim()).toBe(`${EXAMPLE} is valid: 1 stream, 0 captures, 0 sources, 1 notification sink`);
  });

  it('warns on stderr and still exits with 0', async () => {
    const { status, stderr } = await runCli(['check', '-c', join(CONFIGS, 'contract.yaml')]);
    expect(status).toBe(0);
    expect(stderr).toContain('contract.yaml:4:43 gateway.token: the environment variable HOLDFAST_TOKEN');
  });

  it('exits with 2 on every bad file, with errors on stderr and no stack trace', async () => {
    const names = readdirSync(join(CONFIGS, 'bad'));
    for (let start = 0; start < names.length; start += LANES) {
      await Promise.all(names.slice(start, start + LANES).map(expectRefused));
    }
  }, 120_000);

  it('prints one JSON document with --json, good or bad', async () => {
    const good = await runCli(['check', '-c', EXAMPLE, '--json']);
    expect(JSON.parse(good.stdout)).toMatchObject({ valid: true, streams: 1, errors: [], warnings: [] });
    const wrong = await runCli(['check', '-c', bad('retries-negative.yaml'), '--json']);
    expect(wrong.status).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      valid: false,
      errors: [{ line: 6, column: 22, key: 'streams[0].recovery.quick_retries', value: -1 }],
    });
  });

  it('exits with 2 when there is no such file', async () => {
    const { status, stderr } = await runCli(['check', '-c', join(CONFIGS, 'none.yaml')]);
    expect(status).toBe(2);
    expect(stderr).toContain('no such file');
  });
});

describe('holdfast schema', () => {
  it('prints the JSON Schema', async () => {
    const { status, stdout } = await runCli(['schema']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { streams: { type: 'array' } },
    });
  });
});
