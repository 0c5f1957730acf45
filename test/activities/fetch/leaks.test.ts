/**
 * Goal: thousands of fetches, most of which go wrong half-way, leave nothing behind. Method: after a first round the
 * open files and the memory in use are counted, and again after 5,000 fetches of every kind.
 */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RobotsRules } from '../../../activities/fetch/index.js';
import {
  startHostileServer,
  type HostileKind,
  type HostileServer,
} from '../../support/hostile-server/index.js';
import { fetchFrom, requestFor } from './support.js';

const KINDS: readonly HostileKind[] = [
  'good',
  'good',
  'unchanged',
  'reset-before-headers',
  'reset-mid-headers',
  'reset-mid-body',
  'stall',
  'stall-mid-body',
  'drip',
  'bomb',
  'endless',
  'length-too-long',
  'chunk-garbage',
  'not-http',
  'gzip-cut',
  'encoding-unknown',
  'redirect-circle',
  'redirect-loop',
  'challenge',
  'html',
  'windows-1251',
];
const FETCHES = 5_000;
const AT_ONCE = 100;
/** Growth of a leak of one socket or buffer a fetch would be a hundred times this. */
const FILES_MAX = 10;
const MEMORY_MAX_BYTES = 10 * 2 ** 20;

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

const robots = new RobotsRules();
const limits = { ...requestFor('').limits, headers_timeout: 100, total_timeout: 150 };

async function fetchMany(count: number): Promise<void> {
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started < count) {
      const kind = KINDS[(started += 1) % KINDS.length] ?? 'good';
      await fetchFrom(server.url(kind), { limits, obeyRobots: true }, { robots });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  server.requests.length = 0;
}

async function inUse(): Promise<{ readonly files: number; readonly bytes: number }> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  await sleep(500);
  collectGarbage();
  await sleep(100);
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return { files: readdirSync('/proc/self/fd').length, bytes: heapUsed + external };
}

describe('fetching', () => {
  it('5,000 times leaves no open file and no memory behind', async () => {
    await fetchMany(AT_ONCE * 5);
    const before = await inUse();
    await fetchMany(FETCHES);
    const after = await inUse();
    expect(server.openConnections()).toBe(0);
    expect(after.files - before.files).toBeLessThan(FILES_MAX);
    expect(after.bytes - before.bytes).toBeLessThan(MEMORY_MAX_BYTES);
  });
});
