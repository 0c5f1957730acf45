/**
 * Goal: thousands of cycles of sources that do every wrong thing leave no open file and no memory behind.
 * Method: 5,000 cycles (fetch, read, keep) in a process of its own, against a server that answers in every way there is; what the
 * process holds is counted after a first stretch, and after each further third.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { projectRoot } from '../../../activities/custody/project-root.js';
import {
  startHostileServer,
  type HostileKind,
  type HostileServer,
} from '../../support/hostile-server/index.js';

const PROGRAM = join(projectRoot(), 'test', 'fixtures', 'many-cycles.mjs');
/** Half of the sources are in good order. */
const HEALTHY: readonly HostileKind[] = ['good', 'growing', 'unchanged', 'windows-1251'];
const WRONG: readonly HostileKind[] = [
  'reset-before-headers',
  'reset-mid-headers',
  'reset-mid-body',
  'close-before-headers',
  'stall',
  'stall-mid-body',
  'drip',
  'bomb',
  'endless',
  'length-too-long',
  'length-not-a-number',
  'announced-too-large',
  'chunk-garbage',
  'not-http',
  'gzip-cut',
  'gzip-untrue',
  'encoding-unknown',
  'redirect-circle',
  'redirect-loop',
  'challenge',
  'headers-too-large',
  'html',
];
const SOURCES = 100;
/** 1,000 cycles until everything that is made once is made, then 5,000 in three parts. */
const STRETCHES = ['10', '17', '17', '16'];
/** A leak of one socket in a hundred cycles would be 50. */
const FILES_MAX = 5;
/** A leak of 2 KiB a cycle, less than any request or buffer, would be 10 MiB. */
const USED_MAX_BYTES = 8 * 2 ** 20;
/**
 * What the allocator keeps for itself comes to rest in the first third and then differs by tens of MiB; a leak of one body of each cycle
 * that is too large would be gigabytes.
 */
const RSS_MAX_BYTES = 64 * 2 ** 20;

interface Held {
  readonly cycles: number;
  readonly files: number;
  readonly used: number;
  readonly rss: number;
  readonly causes: Readonly<Record<string, number>>;
}

let server: HostileServer;
let folder: string;
beforeAll(async () => {
  [server, folder] = await Promise.all([startHostileServer(), mkdtemp(join(tmpdir(), 'holdfast-growth-'))]);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function urlOf(index: number): string {
  if (index >= SOURCES / 2) return server.url(WRONG[index % WRONG.length] ?? 'html', String(index));
  return server.url(HEALTHY[index % HEALTHY.length] ?? 'good', `${index}?from=${Date.now()}&every=2000`);
}

it('5,000 cycles leave no open file and no memory behind', async () => {
  const urls = JSON.stringify(Array.from({ length: SOURCES }, (_, index) => urlOf(index)));
  const store = `sqlite:${join(folder, 'holdfast.db')}`;
  const args = ['--expose-gc', PROGRAM, join(projectRoot(), 'dist'), store, urls, ...STRETCHES];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [first, ...later] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Held);
  if (first === undefined) throw new Error('the process has said nothing');
  expect(later.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(5_000);
  for (const { files, used } of later) {
    expect(files - first.files).toBeLessThan(FILES_MAX);
    expect(used - first.used).toBeLessThan(USED_MAX_BYTES);
  }
  expect((later.at(-1)?.rss ?? 0) - (later[0]?.rss ?? 0)).toBeLessThan(RSS_MAX_BYTES);
  // Everything has been met: no cause stands for another, and nothing was left out.
  expect(Object.keys(later.at(-1)?.causes ?? {}).sort()).toEqual([
    'blocked',
    'fetched',
    'invalid_url',
    'network_disconnect',
    'not_modified',
    'parse_error',
    'timeout',
    'too_large',
    'unsupported_encoding',
  ]);
  expect(server.openConnections()).toBe(0);
}, 300_000);
