// Goal: a job goes through its states, tells everything once and in order, and leaves nothing half made, whatever happens to it.
// Method: the workflow, the step runner and the store are the real ones on a real server; the steps are small ones of this test.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { StepFailure } from '../../activities/jobs/index.js';
import type { JobEvent, JobEventBody } from '../../core/jobs/index.js';
import { until } from '../support/cluster.js';
import { CLIP_PARAMS, clipSteps, JOB_HOST, JobBench } from '../support/job-bench.js';

let bench: JobBench;

beforeAll(async () => {
  bench = await JobBench.open();
}, 120_000);
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close(), 60_000);

/** Ends only when it is told to. */
async function hang(signal: AbortSignal): Promise<never> {
  for (;;) await sleep(100, undefined, { signal });
}

function expectNoHoles(events: readonly JobEvent[], from = 1): void {
  expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => from + index));
}

function bodiesOf<Type extends JobEventBody['type']>(events: readonly JobEvent[], type: Type) {
  return events.flatMap(({ body }) =>
    body.type === type ? [body as Extract<JobEventBody, { type: Type }>] : [],
  );
}

async function filesOf(id: string): Promise<string[]> {
  const folder = join(bench.dataDir, 'jobs', id);
  const names: string[] = await readdir(folder, { recursive: true }).catch(() => []);
  return names.sort();
}

describe('a job', () => {
  it('makes its steps in order, tells how far it is, keeps its artifacts and removes the rest', async () => {
    await bench.startWorkers(
      clipSteps({
        survey: (_params, context) => context.save('plan', { parts: 2 }),
        cut: async (params, context) => {
          expect(await context.load('plan')).toEqual({ parts: 2 });
          expect(params).toEqual({ ...CLIP_PARAMS, reencode: false, container: 'mp4' });
          context.report({ percent: 50, done: 1, total: 2, unit: 'parts', rate: 0.5 });
          context.log('info', 'one part is cut');
          await writeFile(join(context.workFolder, 'draft.mp4'), 'whole');
          await context.artifact('clip.mp4', 'video/mp4', 'draft.mp4');
          await writeFile(join(context.workFolder, 'left-over'), 'half made');
        },
      }),
    );
    const handle = await bench.startClip('whole');
    const result: unknown = await handle.result();
    const view = await bench.view('whole');
    const events = await bench.events('whole');
    expect(view).toMatchObject({
      id: 'job/whole',
      kind: 'clip',
      status: 'completed',
      params: CLIP_PARAMS,
      error: null,
      firstOffset: 1,
      lastOffset: events.length,
    });
    expect(view.progress?.percent).toBe(100);
    expect(view.artifacts).toEqual([
      { name: 'clip.mp4', mediaType: 'video/mp4', bytes: 5, createdAt: expect.any(String), host: JOB_HOST },
    ]);
    expect(result).toEqual({
      status: 'completed',
      createdAt: view.createdAt,
      endedAt: view.endedAt,
      artifacts: view.artifacts,
    });
    expectNoHoles(events);
    expect(bodiesOf(events, 'status').map(({ status, message }) => [status, message])).toEqual([
      ['pending', 'waiting for a worker'],
      ['running', 'survey'],
      ['running', 'cut'],
      ['running', 'verify'],
      ['completed', 'completed'],
    ]);
    expect(bodiesOf(events, 'progress')).toEqual([
      {
        type: 'progress',
        // All of survey (65 of 100) and half of cut (25 of 100).
        percent: 77.5,
        step: 'cut',
        done: 1,
        total: 2,
        unit: 'parts',
        rate: 0.5,
        remainingMs: expect.any(Number),
      },
    ]);
    expect(bodiesOf(events, 'log')).toEqual([{ type: 'log', level: 'info', message: 'one part is cut' }]);
    expect(bodiesOf(events, 'artifact')).toEqual([
      { type: 'artifact', name: 'clip.mp4', mediaType: 'video/mp4', bytes: 5 },
    ]);
    expect(events.at(-1)?.body).toEqual({ type: 'done', status: 'completed', message: 'completed' });
    expect(await filesOf('whole')).toEqual(['artifacts', 'artifacts/clip.mp4']);
    expect(await bench.store.jobs.read('job/whole', 0)).toEqual({ view, events });
  }, 60_000);

  it('tries a step again that failed for a passing reason, and says so', async () => {
    let attempts = 0;
    await bench.startWorkers(
      clipSteps({
        cut: async (_params, context) => {
          attempts = context.attempt;
          await Promise.resolve();
          if (context.attempt === 1)
            throw new StepFailure('network_disconnect', 'the other side hung up', true);
        },
      }),
    );
    await (await bench.startClip('again')).result();
    const events = await bench.events('again');
    expect(attempts).toBe(2);
    expect(bodiesOf(events, 'error')).toEqual([
      {
        type: 'error',
        fatal: false,
        error_code: 'network_disconnect',
        message: 'the other side hung up',
        details: { step: 'cut', attempt: 1, attempts: 5 },
      },
    ]);
    expect(bodiesOf(events, 'status').map(({ message }) => message)).toContain('cut, attempt 2');
    expectNoHoles(events);
  }, 60_000);

  it('fails with the cause of a step that cannot be made, and removes what it has half made', async () => {
    await bench.startWorkers(
      clipSteps({
        cut: async (_params, context) => {
          await writeFile(join(context.workFolder, 'draft.mp4'), 'half');
          throw new StepFailure('not_recorded', 'nothing was recorded then', false);
        },
      }),
    );
    const handle = await bench.startClip('hopeless');
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toMatchObject({
      type: 'not_recorded',
      message: 'nothing was recorded then',
    });
    const stored = await bench.store.jobs.read('job/hopeless', 0);
    expect(stored?.view).toMatchObject({
      status: 'failed',
      error: { cause: 'not_recorded', message: 'nothing was recorded then' },
    });
    expect(stored?.events.slice(-3).map(({ body }) => body)).toEqual([
      { type: 'error', fatal: true, error_code: 'not_recorded', message: 'nothing was recorded then' },
      { type: 'status', status: 'failed', message: 'nothing was recorded then' },
      { type: 'done', status: 'failed', message: 'nothing was recorded then' },
    ]);
    expect(await filesOf('hopeless')).toEqual([]);
  }, 60_000);

  it.each([
    ['the signal cancel', 'signalled'],
    ['a cancellation by Temporal', 'cancelled-by-temporal'],
  ])(
    'ends on %s in the middle of a step, and leaves only what was whole',
    async (_title, id) => {
      await bench.startWorkers(
        clipSteps({
          survey: async (_params, context) => {
            await writeFile(join(context.workFolder, 'facts.txt'), 'whole');
            await context.artifact('facts.txt', 'text/plain', 'facts.txt');
          },
          cut: async (_params, context) => {
            await writeFile(join(context.workFolder, 'draft.mp4'), 'half');
            context.report({ percent: 10 });
            await hang(context.signal);
          },
        }),
      );
      const handle = await bench.startClip(id);
      await bench.untilView(id, ({ progress }) => progress?.step === 'cut', 'the step cut to be under way');
      if (id === 'signalled') await handle.signal('cancel');
      else await handle.cancel();
      expect(await handle.result()).toMatchObject({
        status: 'cancelled',
        artifacts: [{ name: 'facts.txt' }],
      });
      const events = await bench.events(id);
      expect(events.slice(-2).map(({ body }) => body)).toEqual([
        { type: 'status', status: 'cancelled', message: 'cancelled on request' },
        { type: 'done', status: 'cancelled', message: 'cancelled on request' },
      ]);
      expectNoHoles(events);
      expect(await filesOf(id)).toEqual(['artifacts', 'artifacts/facts.txt']);
    },
    60_000,
  );

  it('says that its host is away, and goes on by itself when it is back', async () => {
    await bench.startWorkers({}, 'orchestrator');
    const handle = await bench.startClip('away');
    expect((await bench.view('away')).status).toBe('pending');
    await until(
      async () =>
        bodiesOf(await bench.events('away'), 'status').some(
          ({ message }) => message === `waiting for host ${JOB_HOST}`,
        ),
      40_000,
      'the job to say that its host is away',
    );
    await bench.startWorkers(clipSteps({}), 'host');
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expectNoHoles(await bench.events('away'));
  }, 90_000);

  it('can be cancelled while its host is away', async () => {
    await bench.startWorkers({}, 'orchestrator');
    const handle = await bench.startClip('away-cancelled');
    await handle.signal('cancel');
    expect(await handle.result()).toMatchObject({ status: 'cancelled' });
  }, 60_000);

  it.each([
    [
      'a parameter',
      { params: { ...CLIP_PARAMS, to: 'tomorrow' } },
      /^params\.to: "tomorrow" is not allowed; expected an instant/,
    ],
    [
      'a time that runs backwards',
      { params: { ...CLIP_PARAMS, to: CLIP_PARAMS.from } },
      /^params\.to: .* expected an instant later than from/,
    ],
    ['the kind', { kind: 'film' }, /kind.*"film" is not allowed; expected .*digest.*finalize.*clip/],
    ['the name', { id: 'another' }, /^id: another is not this job; expected invalid/],
  ])(
    'fails at once when %s is not valid, naming it and what is allowed',
    async (_title, entry, words) => {
      await bench.startWorkers({}, 'orchestrator');
      const handle = await bench.client.workflow.start('job', {
        workflowId: 'job/invalid',
        taskQueue: 'holdfast',
        args: [{ id: 'invalid', kind: 'clip', host: JOB_HOST, params: CLIP_PARAMS, ...entry }],
      });
      const failure: unknown = await handle.result().catch((error: unknown) => error);
      expect((failure as WorkflowFailedError).cause).toMatchObject({
        type: 'invalid_config',
        message: expect.stringMatching(words),
      });
    },
    60_000,
  );

  it('hears each report once, and nothing that makes no sense', async () => {
    await bench.startWorkers(clipSteps({ cut: (_params, context) => hang(context.signal) }));
    const handle = await bench.startClip('reports');
    await bench.untilView('reports', ({ startedAt }) => startedAt !== null, 'the job to run');
    await until(
      async () => bodiesOf(await bench.events('reports'), 'status').some(({ message }) => message === 'cut'),
      20_000,
      'the step cut',
    );
    const before = (await bench.view('reports')).lastOffset;
    const report = {
      step: 'cut',
      attempt: 1,
      host: JOB_HOST,
      number: 7,
      entries: [{ type: 'log', level: 'info', message: 'once' }],
    };
    await handle.signal('jobReport', report);
    await handle.signal('jobReport', report);
    await handle.signal('jobReport', { ...report, number: 6 });
    await handle.signal('jobReport', { ...report, step: 'survey', number: 8 });
    await handle.signal('jobReport', { ...report, number: 9, entries: [{ type: 'song' }] });
    for (const nonsense of [null, 'text', 7, [], {}, { entries: 'none' }]) {
      await handle.signal('jobReport', nonsense);
    }
    const events = await bench.events('reports');
    expect(events.slice(before).map(({ body }) => body)).toEqual([
      { type: 'log', level: 'info', message: 'once' },
    ]);
    await handle.signal('cancel');
    await handle.result();
  }, 60_000);
});
