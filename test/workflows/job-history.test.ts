// Goal: a job that has much to tell never outgrows its history: it goes on in a new one between two steps, and nothing that it has
// made, kept or told is lost, but for the oldest events of a log that is full.
// Method: a real server; reports come as the worker of a step sends them, more than one history holds.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JOB_EVENTS_KEPT } from '../../core/jobs/index.js';
import { until } from '../support/cluster.js';
import { clipSteps, JOB_HOST, JobBench } from '../support/job-bench.js';
import { HISTORY_EVENTS } from '../support/long-history.js';

/** Half of what a server keeps while the workflow decides; more would make it begin its task anew. */
const REPORTS_AT_ONCE = 50;

let bench: JobBench;

beforeAll(async () => {
  bench = await JobBench.open();
}, 120_000);
afterAll(() => bench.close(), 60_000);

it('a job whose history is long goes on in a new one between two steps', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await bench.startWorkers(
    clipSteps({
      survey: async (_params, context) => {
        await writeFile(join(context.workFolder, 'facts.txt'), 'whole');
        await context.artifact('facts.txt', 'text/plain', 'facts.txt');
        await context.save('plan', 7);
        await released;
      },
      verify: async (_params, context) => {
        context.log('info', `the plan was ${await context.load<number>('plan')}`);
      },
    }),
  );
  const handle = await bench.startClip('long');
  const first = await handle.describe();
  await bench.untilView('long', ({ artifacts }) => artifacts.length === 1, 'the first artifact');
  const before = await bench.view('long');

  let number = 100;
  while ((await handle.describe()).historyLength <= HISTORY_EVENTS) {
    const numbers = Array.from({ length: REPORTS_AT_ONCE }, () => (number += 1));
    for (const sent of numbers) {
      const entries = [{ type: 'log', level: 'info', message: `report ${sent}` }];
      await handle.signal('jobReport', { step: 'survey', attempt: 1, host: JOB_HOST, number: sent, entries });
    }
  }
  expect((await handle.describe()).runId).toBe(first.runId);
  release();
  await until(async () => (await handle.describe()).runId !== first.runId, 40_000, 'the next execution');
  await handle.result();

  const view = await bench.view('long');
  const events = await bench.events('long');
  expect(view).toMatchObject({
    status: 'completed',
    createdAt: before.createdAt,
    startedAt: before.startedAt,
  });
  expect(view.artifacts).toEqual(before.artifacts);
  expect(view.lastOffset).toBeGreaterThan(number - 100);
  expect(events).toHaveLength(JOB_EVENTS_KEPT);
  expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => view.firstOffset + index));
  const told = events.flatMap(({ body }) => (body.type === 'log' ? [body.message] : []));
  expect(told.slice(-2)).toEqual([`report ${number}`, 'the plan was 7']);
  expect((await bench.store.jobs.read('job/long', 0))?.view).toEqual(view);
}, 180_000);
