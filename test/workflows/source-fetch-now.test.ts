// Goal: whoever asks for a fetch gets one, also at the very moment in which a pause ends the one that is under way.
// Method: a real server and worker; each cycle goes on until the test lets it end, so that messages come at a known moment.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { CycleResult, RunCycleInput } from '../../core/source-cycle/index.js';
import { until } from '../support/cluster.js';
import { CycleBench } from '../support/cycle-bench.js';

const TIMEOUT_MS = 30_000;

let bench: CycleBench;
let begun = 0;
let release: (() => void)[] = [];

beforeAll(async () => {
  bench = await CycleBench.open();
}, 120_000);
afterEach(() => {
  begun = 0;
  release = [];
});
afterAll(() => bench.close(), 60_000);

/** A cycle that hears no cancellation, as on a fetcher that is slow to let go. */
async function heldCycle({ memory }: RunCycleInput): Promise<CycleResult> {
  begun += 1;
  await new Promise<void>((resolve) => release.push(resolve));
  const lastBeganMs = Date.now();
  return {
    outcome: 'not_modified',
    detail: null,
    items: 0,
    newItems: 0,
    changedItems: 0,
    memory: { ...memory, lastBeganMs },
  };
}

const untilBegun = (count: number) => until(() => begun >= count, TIMEOUT_MS, `cycle ${count}`);
const endCycle = (number: number) => release[number - 1]?.();
const statusOf = (handle: WorkflowHandle) => handle.query<InstanceStatus>('status');

async function untilDetail(handle: WorkflowHandle, pattern: RegExp): Promise<void> {
  let detail = '';
  await until(
    async () => {
      detail = (await statusOf(handle)).detail;
      return pattern.test(detail);
    },
    TIMEOUT_MS,
    () => `${pattern}; it says ${detail}`,
  );
}

/** A source in its first cycle, stopped in the end. */
async function withSource(id: string, use: (handle: WorkflowHandle) => Promise<void>): Promise<void> {
  await bench.withWorkers(heldCycle, async () => {
    const handle = await bench.start(id, { every: '1h' });
    await untilBegun(1);
    await use(handle);
    await handle.signal('stop');
    for (const end of release) end();
    await handle.result();
  });
}

describe('a fetch that is asked for', () => {
  it(
    'while a pause is ending the one before is made, and the source stays paused',
    () =>
      withSource('asked-while-pausing', async (handle) => {
        await handle.signal('pause');
        await untilDetail(handle, /^ending the fetch$/);
        await handle.signal('fetchNow');
        endCycle(1);
        await untilBegun(2);
        endCycle(2);
        await untilDetail(handle, /^paused$/);
        expect(begun).toBe(2);
      }),
    90_000,
  );

  it(
    'while the one before is ended is made, too, when the pause has been taken back meanwhile',
    () =>
      withSource('asked-after-pause', async (handle) => {
        // Not due for an hour: only the message can be why it is fetched again.
        endCycle(1);
        await untilDetail(handle, /^next fetch/);
        await handle.signal('fetchNow');
        await untilBegun(2);
        await handle.signal('pause');
        await untilDetail(handle, /^ending the fetch$/);
        await handle.signal('resume');
        await handle.signal('fetchNow');
        endCycle(2);
        await untilBegun(3);
        endCycle(3);
        await untilDetail(handle, /^next fetch/);
        expect(begun).toBe(3);
      }),
    90_000,
  );

  it(
    'while one is under way that nothing ends is that one',
    () =>
      withSource('asked-while-fetching', async (handle) => {
        await handle.signal('fetchNow');
        endCycle(1);
        await untilDetail(handle, /^next fetch/);
        expect(begun).toBe(1);
      }),
    90_000,
  );

  it(
    'before a pause ends the one under way is not made while paused',
    () =>
      withSource('asked-before-pause', async (handle) => {
        await handle.signal('fetchNow');
        await statusOf(handle);
        await handle.signal('pause');
        await untilDetail(handle, /^ending the fetch$/);
        endCycle(1);
        await untilDetail(handle, /^paused$/);
        expect(begun).toBe(1);
      }),
    90_000,
  );
});
