// Goal: what a stream says and counts between its losses. Method: a real server and worker; the host's activities answer by a script,
// so that the losses of minutes take seconds. What is under test is the workflow; the host has tests of its own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { AwaitSourceInput, ResolveResult } from '../../core/activity-contract.js';
import type { MediaCause } from '../../core/causes.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { RunSpec } from '../../core/run.js';
import { failedRun } from '../support/failed-run.js';
import { recordedHistory } from '../support/recorded-history.js';
import { until } from '../support/cluster.js';
import { WorkflowStage } from '../support/workflow-stage.js';

const LIVE: ResolveResult = { kind: 'live', media: { url: 'http://127.0.0.1:9/' } };

let stage: WorkflowStage;
let client: Client;
let workflowBundle: WorkflowStage['workflowBundle'];

/** How each run of a stream ends, in order; after the last one a run goes on for ever. */
const ends = new Map<string, readonly MediaCause[]>();
/** What the resolver of a stream answers, in order; `live` after the last one. */
const shows = new Map<string, ResolveResult[]>();
const asked: string[] = [];

const activities = {
  resolveStream: ({ instance }: { instance: string }) =>
    Promise.resolve(shows.get(instance)?.shift() ?? LIVE),
  recordNotifications: () => Promise.resolve(),
  startRun: (spec: RunSpec) => {
    const cause = ends.get(spec.workflowId)?.[spec.run - 1];
    return cause === undefined
      ? Context.current().cancelled
      : Promise.resolve(failedRun(spec, cause, `${cause} in words`));
  },
  stopRun: () => Promise.resolve(null),
  awaitSource: ({ media }: AwaitSourceInput) => {
    asked.push(media.url);
    return Promise.resolve({ answered: false, detail: 'not yet' });
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set();
  ({ client, workflowBundle } = stage);
  await stage.perform(activities);
}, 120_000);

afterAll(() => stage.close(), 60_000);

async function startStream(entry: { readonly id: string } & Record<string, unknown>) {
  const handle = await client.workflow.start('stream', {
    workflowId: `stream/${entry.id}`,
    taskQueue: 'holdfast',
    args: [{ resolver: { kind: 'command', argv: ['live-url'] }, ...entry }],
  });
  const status = () => handle.query<InstanceStatus>('status');
  const untilIncidents = async (count: number): Promise<InstanceStatus> => {
    await until(async () => (await status()).incidentCount >= count, 30_000, `${count} incidents`);
    return await status();
  };
  return { handle, status, untilIncidents };
}

/** Oldest first. */
const told = ({ incidents }: InstanceStatus) =>
  incidents.map(({ action, attempt }) => ({ action, attempt })).toReversed();

describe('a new show', () => {
  it('begins with a whole budget, whatever the one before has cost', async () => {
    ends.set('stream/fresh', [
      ...Array<MediaCause>(3).fill('network_disconnect'),
      'url_expired',
      ...Array<MediaCause>(2).fill('network_disconnect'),
    ]);
    shows.set('stream/fresh', [LIVE, { kind: 'not_live', detail: 'no show' }]);
    const { handle, untilIncidents, status } = await startStream({
      id: 'fresh',
      watch: true,
      poll: { min: 1, max: 1, recheck: 1 },
    });
    await until(async () => (await status()).state === 'waiting_live', 30_000, 'the end of the show');
    expect(await status()).toMatchObject({ retries: 0, branches: [{ attempt: 0, maxAttempts: null }] });
    expect(told(await untilIncidents(6))).toEqual([
      { action: 'retry 1/3 at once', attempt: 1 },
      { action: 'retry 2/3 in 1 s', attempt: 2 },
      { action: 'retry 3/3 in 2 s', attempt: 3 },
      { action: 'retry 1/1 at once with a fresh URL', attempt: 1 },
      { action: 'retry 1/3 at once', attempt: 1 },
      { action: 'retry 2/3 in 1 s', attempt: 2 },
    ]);
    await Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory(), handle.workflowId);
    await handle.terminate();
  }, 60_000);
});

describe('the attempt of an incident', () => {
  it('is the one that its action names, whatever has failed before', async () => {
    const errors = Array<MediaCause>(12).fill('http_error');
    ends.set('stream/counted', [
      ...errors,
      ...Array<MediaCause>(2).fill('network_disconnect'),
      ...Array<MediaCause>(2).fill('crashed'),
    ]);
    const recovery = { http_wait: '100ms', retry_delay: 0 };
    const { handle, untilIncidents } = await startStream({ id: 'counted', recovery });
    expect(told(await untilIncidents(errors.length + 4)).slice(errors.length - 1)).toEqual([
      { action: 'retry 12 in 0.1 s', attempt: 12 },
      { action: 'retry 1/3 at once', attempt: 1 },
      { action: 'retry 2/3 in 1 s', attempt: 2 },
      { action: 'retry 1/3 at once', attempt: 1 },
      { action: 'retry 2/3 at once', attempt: 2 },
    ]);
    await handle.terminate();
  }, 60_000);
});

describe('a wait for the source', () => {
  it.each([
    ['srt://127.0.0.1:9', true],
    ['rtmp://127.0.0.1/live/x', true],
    ['udp://239.0.0.1:9000', false],
    ['srt://0.0.0.0:9?mode=listener', false],
  ])(
    'promises an earlier end only where somebody can be asked: %s, %s',
    async (url, isPromised) => {
      const id = `wait-${url.replaceAll(/\W+/g, '-')}`;
      ends.set(`stream/${id}`, ['network_disconnect']);
      const resolver = { kind: 'direct', url };
      const { handle, status } = await startStream({ id, resolver, recovery: { quick_retries: 0 } });
      await until(async () => (await status()).state === 'retrying', 30_000, 'the wait');
      const { detail } = await status();
      expect(detail).toMatch(/^waiting for the source until /);
      expect(detail.includes('as soon as the source answers')).toBe(isPromised);
      // What is not promised is asked for all the same: the commands of running workflows stay as they are.
      await until(() => asked.includes(url), 10_000, 'the question');
      await handle.terminate();
    },
    60_000,
  );
});

describe('a workflow whose id is not that of its instance', () => {
  const resolver = { kind: 'direct', url: 'http://127.0.0.1:9/' };
  const clip = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:01:00Z' };
  const entries: [string, object][] = [
    ['stream', { resolver }],
    ['capture', { input: { ffmpeg: ['-i', 'x'] }, outputs: [{ name: 'tape', kind: 'record' }] }],
    ['source', { url: 'https://example.org/feed.xml', parse: { kind: 'feed' } }],
    ['job', { kind: 'clip', params: { recording: 'stream/a', ...clip } }],
  ];

  it.each(entries)(
    'fails at once and names both: %s',
    async (kind, entry) => {
      const ids = kind === 'job' ? ['zed'] : ['weird', 'zed', `${kind}/other`, `x${kind}/zed`];
      for (const workflowId of ids) {
        const args = [{ id: 'zed', ...entry }];
        const handle = await client.workflow.start(kind, { workflowId, taskQueue: 'holdfast', args });
        const failure: unknown = await handle.result().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(WorkflowFailedError);
        expect((failure as WorkflowFailedError).cause).toMatchObject({
          type: 'invalid_config',
          message: `workflow id: ${workflowId} is not that of ${kind} zed; expected ${kind}/zed`,
        });
        await Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory(), workflowId);
      }
    },
    60_000,
  );

  it('goes on where an earlier version has let it in', async () => {
    const history = recordedHistory('0.1.0-stream-not-live.json');
    await Worker.runReplayHistory({ workflowBundle }, history, 'weird');
  }, 60_000);
});
