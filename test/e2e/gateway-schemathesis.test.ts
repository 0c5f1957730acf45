/**
 * Goal: the OpenAPI document of the gateway is true. Method: schemathesis, installed by the test set-up, asks everything that the
 * document allows and much that it does not, of a real gateway with living instances, items and sources behind it, and holds each
 * answer against the document.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../activities/custody/project-root.js';
import { createHoldfast } from '../../client/index.js';
import { cycleInput, namedItem } from '../support/cycles.js';
import { startTinyGateway, type TinyGateway } from '../support/tiny-gateway.js';
import { startTinyInstances, type TinyInstances } from '../support/tiny-instances.js';

const TOKEN = 'token-of-the-test';
const SEED = 20_260_131;
/** Instances of these names are in the examples of the document, so that many requests meet a living one. */
const NAMES = ['alice', 'bob', 'carol'];
/** Enough for every rule of the document to be kept and broken several times, in half a minute. */
const EXAMPLES_MAX = 12;
const RUN_TIMEOUT_MS = 150_000;

/** Streams of server-sent events never end, so there is no answer to hold against anything. */
const ENDLESS = ['/api/events', '/api/jobs/{id}/stream'];

/**
 * - ensure_resource_availability: outputs exist in captures only, and a job is known when its workflow has begun.
 * - use_after_free: an instance that was stopped, or a job that was cancelled, can still be read; that is what they are for.
 */
const WRONG_BY_NATURE = ['ensure_resource_availability', 'use_after_free'];

/**
 * A request that keeps to the document may still ask for what is not there (404), what is not so now (409), what a workflow refuses (422),
 * or what a rule forbids that no schema can tell (400), e.g. an output of a stream. Whatever it is: it must be in the document.
 */
const TRUE_ANSWERS = ['2xx', '304', '400', '404', '409', '422'];

let folder: string;
let tiny: TinyInstances;
let gateway: TinyGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-schemathesis-'));
  tiny = await startTinyInstances();
  gateway = await startTinyGateway({
    client: tiny.client,
    token: TOKEN,
    config: {
      gateway: { requests_per_minute: 1_000_000 },
      sources: [{ id: 'news', url: 'https://example.org/feed.xml' }],
    },
  });
  await createHoldfast({ client: tiny.client }).apply(
    NAMES.map((name) => ({ kind: 'stream', name, config: { id: name } })),
  );
  const items = ['a', 'b', 'c'].map((name) => namedItem(name));
  await gateway.deps.store.sources.storeCycle(cycleInput('first', { items }));
  await writeFile(join(folder, 'schemathesis.toml'), configuration());
}, 60_000);
afterAll(async () => {
  await gateway?.close();
  await tiny?.close();
  await rm(folder, { recursive: true, force: true });
});

function configuration(): string {
  return ['[checks.positive_data_acceptance]', `expected-statuses = ${JSON.stringify(TRUE_ANSWERS)}`].join(
    '\n',
  );
}

function schemathesis(): string {
  const bin = execFileSync(join(projectRoot(), 'scripts', 'test-tools'), { encoding: 'utf8' });
  return join(bin.trim(), 'schemathesis');
}

describe('the OpenAPI document', () => {
  it(
    'is kept by every answer, and nothing that is asked makes the gateway fail',
    async () => {
      const result = await execa(
        process.env['HOLDFAST_SCHEMATHESIS'] ?? schemathesis(),
        [
          '--config-file=schemathesis.toml',
          'run',
          `${gateway.url}/api/openapi.json`,
          `--header=Authorization: Bearer ${TOKEN}`,
          `--seed=${SEED}`,
          `--max-examples=${EXAMPLES_MAX}`,
          '--phases=examples,coverage,fuzzing',
          `--exclude-checks=${WRONG_BY_NATURE.join(',')}`,
          ...ENDLESS.map((path) => `--exclude-path=${path}`),
          // What is allowed is narrow: most of what is made up for it has to be thrown away.
          '--suppress-health-check=filter_too_much',
          '--continue-on-failure',
          '--no-shrink',
          '--warnings=off',
        ],
        { cwd: folder, reject: false, all: true, timeout: RUN_TIMEOUT_MS, env: { NO_COLOR: '1' } },
      );
      // What it says is the finding.
      expect(result.exitCode === 0 ? 'nothing found' : result.all).toBe('nothing found');
      expect(result.all).toMatch(/\d+ generated, \d+ passed/);
    },
    RUN_TIMEOUT_MS + 10_000,
  );
});
