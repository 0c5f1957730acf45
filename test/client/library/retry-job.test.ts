// Goal: a job that has not come to a good end is started again as itself: its log goes on, and nothing of its former life mixes in.
// Method: a real server, workflow and store; steps that end as the test says.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/activity';
import { createHoldfast, createJobs, type Holdfast, type Jobs } from '../../../client/index.js';
import type { JobEvent } from '../../../core/jobs/index.js';
import { beginHanging, CLIP_PARAMS, CLIP_REQUEST, clipSteps, JobBench } from '../../support/job-bench.js';

let bench: JobBench;
let jobs: Jobs;
let holdfast: Holdfast;

beforeAll(async () => {
  bench = await JobBench.open();
  const { client } = bench;
  jobs = createJobs({ client, store: bench.store.jobs });
  holdfast = createHoldfast({ client, store: bench.store.jobs });
}, 120_000);
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close(), 60_000);

const failing = clipSteps({
  cut: () => {
    throw ApplicationFailure.nonRetryable('the disk is full', 'storage_full');
  },
});

/** A job that has failed, and how far its log went. */
async function fail(key: string): Promise<{ id: string; lastOffset: number }> {
  await bench.startWorkers(failing);
  const { id } = await jobs.start({ ...CLIP_REQUEST, key });
  await ended(id);
  const { view } = await jobs.show(id);
  expect(view).toMatchObject({ status: 'failed', error: { cause: 'storage_full' } });
  await bench.stopWorkers();
  return { id, lastOffset: view.lastOffset };
}

async function ended(id: string): Promise<void> {
  await bench.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
}

function offsetsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const offsetsOf = (events: readonly JobEvent[] = []) => events.map(({ offset }) => offset);

describe('a job that is retried', () => {
  it('is made with what it was asked for with, and its log goes on behind that of its former life', async () => {
    const { id, lastOffset } = await fail('failed');
    const before = await jobs.show(id);
    await bench.startWorkers(clipSteps({}));
    expect(await holdfast.retry('clip-failed')).toMatchObject({ id, startedAgain: true });
    await ended(id);
    const after = await jobs.show(id, lastOffset);
    const { createdAt, params, kind } = before.view;
    expect(after.view).toMatchObject({ status: 'completed', error: null, createdAt, params, kind });
    const whole = offsetsFrom(lastOffset + 1, after.view.lastOffset);
    expect(offsetsOf(after.events)).toEqual(whole);
    expect(after.events.at(0)?.body).toMatchObject({ type: 'status', status: 'pending' });
    for (const place of ['workflow', 'store'] as const) {
      const reading = await jobs.read(id, 0, place);
      expect(reading?.view).toEqual({ ...after.view, firstOffset: lastOffset + 1 });
      expect(offsetsOf(reading?.events)).toEqual(whole);
    }
  }, 60_000);

  it('is pending at once in every place, also while there is no worker', async () => {
    const { id, lastOffset } = await fail('alone');
    expect(await holdfast.retry(id)).toEqual({
      id,
      state: 'pending',
      detail: 'started again',
      startedAgain: true,
    });
    const pending = { status: 'pending', endedAt: null, error: null, lastOffset: lastOffset + 1 };
    expect((await jobs.read(id, lastOffset, 'store'))?.view).toMatchObject(pending);
    expect((await jobs.list({ status: 'pending' })).map((job) => job.id)).toEqual([id]);
    const withoutStore = createJobs({ client: bench.client, store: undefined });
    const reading = await withoutStore.show(id, lastOffset);
    expect(reading.view).toMatchObject({ ...pending, params: CLIP_PARAMS });
    expect(offsetsOf(reading.events)).toEqual([lastOffset + 1]);
    await bench.client.workflow.getHandle(id).terminate();
  }, 60_000);

  it('was terminated, and nobody who has read that life can mistake the new one for it', async () => {
    const id = await beginHanging(bench, jobs, 'terminated');
    await bench.client.workflow.getHandle(id).terminate();
    const { view } = await jobs.show(id);
    expect(view.status).toBe('failed');
    await bench.stopWorkers();
    await holdfast.retry(id);
    const again = await jobs.show(id);
    expect(again.view.status).toBe('pending');
    expect(again.view.firstOffset).toBeGreaterThan(view.lastOffset);
    await bench.startWorkers(clipSteps({}));
    await ended(id);
    expect((await jobs.show(id)).view).toMatchObject({
      status: 'completed',
      firstOffset: again.view.firstOffset,
    });
  }, 60_000);

  it('hears nothing of a step of its former life that has not noticed its end', async () => {
    let life = 0;
    const deaf = clipSteps({
      cut: async (_params, context) => {
        life += 1;
        const own = life;
        for (let index = 0; index < 30; index += 1) {
          context.log('info', `life ${own}`);
          await sleep(100);
        }
      },
    });
    await bench.startWorkers(deaf);
    const { id } = await jobs.start({ ...CLIP_REQUEST, key: 'deaf' });
    await bench.untilView('clip-deaf', ({ lastOffset }) => lastOffset > 6, 'some words');
    await bench.client.workflow.getHandle(id).terminate();
    await holdfast.retry(id);
    await ended(id);
    const { view, events } = await jobs.show(id);
    expect(view.status).toBe('completed');
    const words = events.flatMap(({ body }) => (body.type === 'log' ? [body.message] : []));
    expect(words).toEqual(Array.from({ length: 30 }, () => 'life 2'));
  }, 60_000);

  it('is refused in words while it runs, once it has completed, and for a branch', async () => {
    const id = await beginHanging(bench, jobs, 'refused');
    await expect(holdfast.retry(id)).rejects.toMatchObject({
      code: 'rejected',
      message: `${id} is not over: a step that fails is tried again by itself; \`holdfast stop ${id}\` ends it`,
    });
    await expect(holdfast.retry(id, 'tape')).rejects.toMatchObject({
      code: 'rejected',
      message: `${id} is a job: it has no branch tape`,
    });
    await bench.stopWorkers();
    await bench.startWorkers(clipSteps({}));
    await ended(id);
    await expect(holdfast.retry(id)).rejects.toMatchObject({
      code: 'rejected',
      message: `${id} has completed; ask for it again with another key`,
    });
  }, 60_000);

  it('is refused when it was started with what is not valid', async () => {
    await bench.startWorkers({}, 'orchestrator');
    await bench.startClip('wrong', { params: { ...CLIP_PARAMS, to: 'tomorrow' } });
    await ended('job/wrong');
    await expect(holdfast.retry('job/wrong')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/^job\/wrong cannot be started again: .*params\.to/s),
    });
  }, 60_000);
});

describe('a job where instances are asked for', () => {
  it('takes none of the messages that it has no meaning for', async () => {
    const id = await beginHanging(bench, jobs, 'messages');
    const refused = {
      code: 'rejected',
      message: expect.stringMatching(/^job\/clip-messages is a job, which takes no /),
    };
    await expect(holdfast.pause(id)).rejects.toMatchObject(refused);
    await expect(holdfast.resume('clip-messages')).rejects.toMatchObject(refused);
    for (const name of ['hdmiRestored', 'hdmiLost', 'fetchNow', 'resetBreaker'] as const) {
      await expect(holdfast.signal(id, name)).rejects.toMatchObject(refused);
    }
    expect((await jobs.show(id)).view.status).toBe('running');
  }, 60_000);

  it('is ended by stop, which tells how it has ended', async () => {
    const id = await beginHanging(bench, jobs, 'stopped');
    expect(await holdfast.stop('clip-stopped', { wait: true })).toMatchObject({
      id,
      state: 'cancelled',
      alreadyStopped: false,
      summary: { status: 'cancelled' },
    });
    expect(await holdfast.stop(id)).toMatchObject({ state: 'cancelled', alreadyStopped: true });
    await bench.stopWorkers();
    const { id: failed } = await fail('stopped-late');
    expect(await holdfast.stop(failed)).toMatchObject({ state: 'failed', alreadyStopped: true });
  }, 60_000);

  it('is told from an instance: it is shown and followed by other means', async () => {
    const id = await beginHanging(bench, jobs, 'shown');
    await expect(holdfast.show('clip-shown')).rejects.toMatchObject({
      code: 'unknown_instance',
      message: expect.stringMatching(/^job\/clip-shown is a job and no instance/),
    });
    await expect(holdfast.watch({ id }).next()).rejects.toMatchObject({ code: 'invalid_input' });
  }, 60_000);

  it('is meant by its bare name only where no instance has it', async () => {
    const { id } = await fail('shared');
    const workflow = await bench.client.workflow.start('stream', {
      workflowId: 'stream/clip-shared',
      taskQueue: 'holdfast',
      args: [{ id: 'clip-shared', resolver: { kind: 'direct', url: 'http://127.0.0.1:9/' } }],
    });
    try {
      const deadline = Date.now() + 10_000;
      while ((await holdfast.list()).length === 0 && Date.now() < deadline) await sleep(100);
      expect(await holdfast.show('clip-shared')).toMatchObject({ id: 'stream/clip-shared' });
    } finally {
      await workflow.terminate();
    }
    expect(await holdfast.retry(id)).toMatchObject({ id, startedAgain: true });
    await bench.client.workflow.getHandle(id).terminate();
  }, 60_000);

  it('is proposed where a name is wrong, and its list is named', async () => {
    await fail('near');
    await expect(holdfast.show('clip-naer')).rejects.toMatchObject({
      code: 'unknown_instance',
      message: 'no instance or job clip-naer; did you mean job/clip-near?',
    });
    await expect(holdfast.pause('something-else-altogether')).rejects.toMatchObject({
      message: expect.stringMatching(
        /; `holdfast list` shows the instances there are, `holdfast job list` the jobs$/,
      ),
    });
    await expect(holdfast.pause('job/something-else-altogether')).rejects.toMatchObject({
      message: 'no job job/something-else-altogether; `holdfast job list` shows those there are',
    });
  }, 60_000);
});
