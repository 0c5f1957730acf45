// Goal: a job can be read whatever is away, from two places that tell the same, and what is no job is never taken for one.
// Method: a real server, workflow and store; workers that come and go.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobs, type Jobs } from '../../../client/library/jobs.js';
import { beginHanging, CLIP_PARAMS, CLIP_REQUEST, clipSteps, JobBench } from '../../support/job-bench.js';

let bench: JobBench;
let jobs: Jobs;

beforeAll(async () => {
  bench = await JobBench.open();
  jobs = createJobs({ client: bench.client, store: bench.store.jobs });
}, 120_000);
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close(), 60_000);

describe('a job', () => {
  it('that nobody knows is null from both places, and said so by name', async () => {
    expect(await jobs.read('job/nobody', 0, 'workflow')).toBeNull();
    expect(await jobs.read('job/nobody', 0, 'store')).toBeNull();
    await expect(jobs.show('nobody')).rejects.toMatchObject({ code: 'unknown_instance' });
    await expect(jobs.cancel('nobody')).rejects.toMatchObject({ code: 'unknown_instance' });
  }, 60_000);

  it('that no worker has begun is pending, also without any worker', async () => {
    const { id, created } = await jobs.start({ ...CLIP_REQUEST, key: 'pending' });
    expect(created).toBe(true);
    await expect(jobs.read(id, 0, 'workflow')).rejects.toMatchObject({ name: 'HoldfastError' });
    const pending = { id, kind: 'clip', status: 'pending', params: CLIP_PARAMS, lastOffset: 0 };
    expect(await jobs.read(id, 0, 'store')).toMatchObject({ view: pending, events: [], from: 'store' });
    expect((await jobs.show('clip-pending')).view).toMatchObject(pending);
    expect((await jobs.list({ status: 'pending' })).map((job) => job.id)).toEqual([id]);
    await bench.client.workflow.getHandle(id).terminate();
  }, 60_000);

  it('tells the same from both places when it is over, and nothing once it was read', async () => {
    await bench.startWorkers(clipSteps({}));
    const { id } = await jobs.start({ ...CLIP_REQUEST, key: 'over' });
    await bench.client.workflow.getHandle(id).result();
    const fromWorkflow = await jobs.read(id, 0, 'workflow');
    const fromStore = await jobs.read(id, 0, 'store');
    expect(fromWorkflow?.view.status).toBe('completed');
    expect({ ...fromStore, from: '' }).toEqual({ ...fromWorkflow, from: '' });
    expect((await jobs.read(id, fromStore?.view.lastOffset ?? 0, 'store'))?.events).toEqual([]);
    expect(await jobs.cancel(id)).toBe(false);
    await bench.stopWorkers();
    expect(await jobs.read(id, 0, 'workflow')).toEqual({ ...fromWorkflow, from: 'store' });
    expect(await jobs.start({ ...CLIP_REQUEST, key: 'over' })).toEqual({ id, created: false });
  }, 60_000);

  it('that was terminated has failed, in the same words and at the same offsets wherever it is read', async () => {
    const id = await beginHanging(bench, jobs, 'terminated');
    const before = await bench.view('clip-terminated');
    await bench.client.workflow.getHandle(id).terminate();
    const reading = await jobs.read(id, 0, 'workflow');
    const { events = [], view } = reading ?? {};
    expect(view).toMatchObject({
      status: 'failed',
      error: { cause: 'terminated' },
      lastOffset: before.lastOffset + 3,
    });
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => index + 1));
    expect(events.slice(-3).map(({ body }) => body.type)).toEqual(['error', 'status', 'done']);
    const late = await jobs.read(id, before.lastOffset + 1, 'workflow');
    expect(late?.events).toEqual(events.slice(-2));
    expect((await jobs.list({ status: 'failed' })).map((job) => job.id)).toContain(id);
  }, 60_000);

  it('that was started with what is not valid has failed, and says why', async () => {
    await bench.startWorkers({}, 'orchestrator');
    const handle = await bench.startClip('wrong', { params: { ...CLIP_PARAMS, to: 'tomorrow' } });
    await handle.result().catch(() => undefined);
    for (const place of ['workflow', 'store'] as const) {
      expect(await jobs.read('job/wrong', 0, place)).toMatchObject({
        view: {
          status: 'failed',
          error: { cause: 'invalid_config', message: expect.stringMatching(/^params\.to/) },
        },
        events: [{ offset: 1 }, { offset: 2 }, { offset: 3, body: { type: 'done', status: 'failed' } }],
      });
    }
  }, 60_000);

  it('that is asked for with what is not valid is not started', async () => {
    await expect(jobs.start({ ...CLIP_REQUEST, params: {}, key: 'none' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/params\.recording: is missing/),
    });
    expect(await jobs.read('job/clip-none', 0, 'workflow')).toBeNull();
  }, 60_000);

  it('can be cancelled by its name', async () => {
    const id = await beginHanging(bench, jobs, 'cancelled');
    expect(await jobs.cancel('clip-cancelled')).toBe(true);
    await bench.client.workflow.getHandle(id).result();
    expect((await jobs.show(id)).view.status).toBe('cancelled');
  }, 60_000);
});
