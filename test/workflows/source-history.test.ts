// Goal: a source that is fetched for months never outgrows its history, carries everything over, and replays.
// Method: a real server and worker; the cycles answer at once, so that hundreds of them take seconds. What is under test is the workflow;
// cycles have tests of their own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { parseInstanceInput } from '../../core/config/instance.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import {
  endCycle,
  type CycleEnd,
  type CycleResult,
  type RunCycleInput,
} from '../../core/source-cycle/index.js';
import { until } from '../support/cluster.js';
import { CycleBench } from '../support/cycle-bench.js';

/** More than one history holds. */
const CYCLES = 420;
const HISTORY_EVENTS_MAX = 4_096;
/** What a cycle that waits for its tick costs; see the test of it. */
const EVENTS_A_CYCLE = 11;

let bench: CycleBench;

beforeAll(async () => {
  bench = await CycleBench.open();
}, 120_000);
afterAll(() => bench.close(), 60_000);

interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events?: readonly unknown[] };
}

/** Answers cycles at once: `fails` says which of them fail, by their order. */
class Cycles {
  readonly asked: RunCycleInput[] = [];
  readonly #fails: (count: number) => boolean;

  constructor(fails: (count: number) => boolean) {
    this.#fails = fails;
  }

  run(input: RunCycleInput): CycleResult {
    this.asked.push(input);
    const parsed = parseInstanceInput('source', input.config);
    if ('error' in parsed) throw new Error(parsed.error);
    const failed = this.#fails(this.asked.length);
    const end: CycleEnd = {
      outcome: failed ? 'failed' : 'not_modified',
      cause: failed ? 'timeout' : null,
      detail: failed ? 'no answer' : null,
      endedAtMs: Date.now(),
      deferredUntilMs: null,
    };
    const figures = { dayRate: { rate: 1, cycles: 1 }, lastItemMs: null };
    const { memory } = endCycle(parsed.ok, input.memory, end, figures, 0.5);
    if (failed) {
      throw ApplicationFailure.create({
        type: 'timeout',
        message: 'no answer',
        nonRetryable: true,
        details: [{ memory }],
      });
    }
    return { outcome: 'not_modified', detail: null, items: 0, newItems: 0, changedItems: 0, memory };
  }
}

const answeredBy = (cycles: Cycles) => (input: RunCycleInput) => Promise.resolve(cycles.run(input));

async function start(id: string, every: string) {
  return await bench.start(id, { every, breaker: { failures: 3 } });
}

describe('the history of a source', () => {
  it('stays under 4,096 events over hundreds of cycles, carries everything over and replays', async () => {
    let isLast = false;
    // Two failures at the beginning: the third in a row would open the breaker.
    const cycles = new Cycles((count) => count <= 2 || isLast);
    await bench.withWorkers(answeredBy(cycles), async () => {
      const handle = await start('long', '1h');
      const latest = bench.client.workflow.getHandle('source/long');
      for (let count = 1; count < CYCLES; count += 1) {
        await until(() => cycles.asked.length >= count, 30_000, `cycle ${count}`);
        await nextCycle(latest, cycles, count);
      }
      await untilIdle(cycles);
      isLast = true;
      await latest.signal('fetchNow');
      await until(
        async () => (await latest.query<InstanceStatus>('status')).state === 'retrying',
        10_000,
        'the last failure',
      );
      const last = await latest.query<InstanceStatus>('status');
      expect(last).toMatchObject({ incidentCount: 3, retries: 1, kind: 'source' });
      expect(last.branches[0]?.run).toBe(cycles.asked.length);
      await latest.signal('stop');
      expect(await handle.result()).toMatchObject({
        state: 'stopped',
        cycles: cycles.asked.length,
        incidents: 3,
      });
    });
    // Every cycle has begun with what the one before it left.
    expect(cycles.asked.at(-1)?.memory.watch.successes).toBe(cycles.asked.length - 3);
    const numbers = cycles.asked.map(({ cycleId }) =>
      Number(/^source\/long:[^:]+:(\d+)$/.exec(cycleId)?.[1]),
    );
    expect(numbers).toEqual(cycles.asked.map((_, index) => index + 1));
    expect(new Set(cycles.asked.map(({ cycleId }) => cycleId.split(':')[1])).size).toBe(1);
    const histories = await replay('source/long');
    expect(histories.length).toBeGreaterThan(1);
    expect(Math.max(...histories)).toBeLessThan(HISTORY_EVENTS_MAX);
  }, 240_000);

  it(`grows by ${EVENTS_A_CYCLE} events for each cycle of a healthy source`, async () => {
    const cycles = new Cycles(() => false);
    await bench.withWorkers(answeredBy(cycles), async () => {
      const handle = await start('steady', '1s');
      await until(() => cycles.asked.length >= 3, 30_000, 'three cycles');
      await handle.signal('stop');
      await handle.result();
      const events = (await handle.fetchHistory()).events ?? [];
      const asked = events.flatMap(({ activityTaskScheduledEventAttributes: activity }, index) =>
        activity?.activityType?.name === 'runCycle' ? [index] : [],
      );
      // The first one also says that the source is running.
      expect((asked[2] ?? 0) - (asked[1] ?? 0)).toBe(EVENTS_A_CYCLE);
    });
  }, 60_000);
});

/** Asks for a cycle until it is made: a message that comes while one is under way means that one. */
async function nextCycle(
  handle: { signal(name: string): Promise<void> },
  cycles: Cycles,
  count: number,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (cycles.asked.length <= count && Date.now() < deadline) {
    await handle.signal('fetchNow');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A cycle asked for twice is made once more: waits until nobody asks any more. */
async function untilIdle(cycles: Cycles): Promise<void> {
  for (let before = -1; before !== cycles.asked.length;) {
    before = cycles.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}

/** Replays every execution; returns how many events each has. */
async function replay(workflowId: string): Promise<number[]> {
  const lengths: number[] = [];
  const histories = bench.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }).intoHistories();
  for await (const { history, workflowId } of histories as AsyncIterable<RecordedHistory>) {
    await Worker.runReplayHistory({ workflowBundle: bench.workflowBundle }, history, workflowId);
    lengths.push(history.events?.length ?? 0);
  }
  return lengths;
}
