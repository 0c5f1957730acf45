// Goal: whatever is asked of a capture before its workflow has read its first task is done: no run that was carried over from the execution
// before goes on unwanted, none is lost, and no output is taken up twice. Method: a capture is started with what such an execution hands over,
// and told something while no worker runs workflows; the host's activities only note what they are asked for.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { StopRunInput } from '../../core/activity-contract.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import { FULL_BUDGET } from '../../core/recovery/decide.js';
import type { RunSpec } from '../../core/run.js';
import { NO_EPISODE } from '../../core/signal/episode.js';
import { until } from '../support/cluster.js';
import { WorkflowStage } from '../support/workflow-stage.js';
import type { CarriedBranch } from '../../workflows/branch-record.js';
import type { CarriedCapture } from '../../workflows/capture/instance.js';

const BEGAN_AT = '2026-01-01T00:00:00.000Z';
const CARRIED_RUN = 4;
const output = (name: string) => ({ name, kind: 'push', url: `rtmp://127.0.0.1:9/live/${name}` });
const entryOf = (id: string) => ({
  id,
  input: { kind: 'ffmpeg', args: ['-i', 'x'] },
  outputs: [output('first'), output('second')],
});

let stage: WorkflowStage;
const started: string[] = [];
const stopped: string[] = [];
/** Nobody takes an instance of this name before it is let. */
let hostAnswers: Promise<void> = Promise.resolve();

const activities = {
  claimHost: async () => {
    await hostAnswers;
    return { host: 'h' };
  },
  recordNotifications: () => Promise.resolve(),
  startRun: (spec: RunSpec) => {
    started.push(spec.runKey);
    stage.tellStarted(spec);
    throw new CompleteAsyncError();
  },
  stopRun: ({ runKey }: StopRunInput) => {
    stopped.push(runKey);
    return Promise.resolve(null);
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set();
  await stage.perform(activities);
}, 120_000);

afterAll(() => stage.close(), 60_000);

function carriedBranch(id: string, name: string): CarriedBranch {
  return {
    run: CARRIED_RUN,
    runKey: `capture/${id}/${name}/${CARRIED_RUN}`,
    runLives: true,
    budget: FULL_BUDGET,
    inEpisode: false,
    unconfirmedLoss: null,
    state: 'running',
    detail: 'running',
    since: BEGAN_AT,
    attempt: 0,
    maxAttempts: null,
    incidents: [],
    incidentCount: 0,
    nextAttemptAt: null,
  };
}

/** What the execution before hands over while everything runs. */
function carriedOf(id: string): CarriedCapture {
  const outputs = ['first', 'second'].map((name) => [
    name,
    { branch: carriedBranch(id, name), failure: null },
  ]);
  return {
    startedAt: BEGAN_AT,
    host: 'h',
    wish: 'run',
    notifications: { sequence: 1, pending: [] },
    shown: { state: 'running', since: BEGAN_AT },
    signal: { lost: false, detail: '', awaitsResume: false, resumeWanted: false, episode: NO_EPISODE },
    ingest: carriedBranch(id, 'ingest'),
    outputs: Object.fromEntries(outputs) as CarriedCapture['outputs'],
  };
}

interface Told {
  readonly signal?: string;
  readonly update?: readonly [string, unknown];
}

/** A capture that goes on from another execution, or begins, and has been told this before its first task. */
async function startTold(id: string, { signal, update }: Told, carried?: CarriedCapture) {
  await stage.pauseWorkflows();
  const args = carried === undefined ? [entryOf(id)] : [entryOf(id), carried];
  const options = { workflowId: `capture/${id}`, taskQueue: 'holdfast', args };
  const handle = await stage.client.workflow.start('capture', options);
  if (signal !== undefined) await handle.signal(signal);
  const answer = update && handle.executeUpdate(update[0], { args: [update[1]] });
  await stage.resumeWorkflows();
  await answer;
  return handle;
}

const keysOf = (keys: readonly string[], id: string) =>
  keys
    .filter((key) => key.startsWith(`capture/${id}/`))
    .map((key) => key.slice(`capture/${id}/`.length))
    .toSorted();

async function untilStates(handle: WorkflowHandle, states: Readonly<Record<string, string>>): Promise<void> {
  let found: unknown;
  const areThere = async () => {
    const { branches } = await handle.query<InstanceStatus>('status');
    found = Object.fromEntries(branches.map(({ name, state }) => [name, state]));
    return JSON.stringify(found) === JSON.stringify(states);
  };
  await until(areThere, 20_000, () => `${JSON.stringify(states)}: ${JSON.stringify(found)}`);
}

async function expectReplay(handle: WorkflowHandle): Promise<void> {
  const history = await handle.fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: stage.workflowBundle }, history, handle.workflowId);
  await handle.terminate().catch(() => undefined);
}

const ALL = ['first', 'ingest', 'second'];
const all = (state: string) => ({ ingest: state, first: state, second: state });
const carriedKeys = (names: readonly string[]) => names.map((name) => `${name}/${CARRIED_RUN}`);

describe('runs that are carried over', () => {
  it('are taken up as they are when nobody wants anything else', async () => {
    const handle = await startTold('kept', {}, carriedOf('kept'));
    await untilStates(handle, all('running'));
    await until(() => keysOf(started, 'kept').length === 3, 20_000, 'three runs');
    expect(keysOf(started, 'kept')).toEqual(carriedKeys(ALL));
    expect(keysOf(stopped, 'kept')).toEqual([]);
    await expectReplay(handle);
  }, 60_000);

  it.each([
    ['pause', 'paused', 'resume'],
    ['hdmiLost', 'waiting_signal', 'hdmiRestored'],
  ])(
    'end for a %s that comes first, and begin anew afterwards',
    async (signal, state, end) => {
      const id = signal.toLowerCase();
      const handle = await startTold(id, { signal }, carriedOf(id));
      await untilStates(handle, all(state));
      expect([keysOf(started, id), keysOf(stopped, id)]).toEqual([[], carriedKeys(ALL)]);
      await handle.signal(end);
      await untilStates(handle, all('running'));
      expect(keysOf(started, id)).toEqual(ALL.map((name) => `${name}/${CARRIED_RUN + 1}`));
      await expectReplay(handle);
    },
    60_000,
  );

  it('end for a stop that comes first', async () => {
    const handle = await startTold('stop', { signal: 'stop' }, carriedOf('stop'));
    expect(await handle.result()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    expect([keysOf(started, 'stop'), keysOf(stopped, 'stop')]).toEqual([[], carriedKeys(ALL)]);
    await expectReplay(handle);
  }, 60_000);

  it('end alone for an output that is removed first', async () => {
    const handle = await startTold('fewer', { update: ['removeOutput', 'second'] }, carriedOf('fewer'));
    await untilStates(handle, { ingest: 'running', first: 'running' });
    expect(keysOf(stopped, 'fewer')).toEqual(carriedKeys(['second']));
    expect(keysOf(started, 'fewer')).toEqual(carriedKeys(['first', 'ingest']));
    await expectReplay(handle);
  }, 60_000);

  it('make way for runs of a configuration that comes first', async () => {
    const entry = { ...entryOf('anew'), stall_timeout: '20s' };
    const handle = await startTold('anew', { update: ['reconfigure', entry] }, carriedOf('anew'));
    await untilStates(handle, all('running'));
    await until(() => keysOf(started, 'anew').length === 3, 20_000, 'three runs');
    expect(keysOf(stopped, 'anew')).toEqual(carriedKeys(['ingest']));
    expect(keysOf(started, 'anew')).toEqual(['first/4', 'ingest/5', 'second/4']);
    await expectReplay(handle);
  }, 60_000);
});

describe('an output that is added', () => {
  const branches = { ingest: 'running', first: 'running', second: 'running', added: 'running' };

  it('before the first task is taken up once', async () => {
    const handle = await startTold('more', { update: ['addOutput', output('added')] });
    await untilStates(handle, branches);
    expect(keysOf(started, 'more')).toEqual(['added/1', 'first/1', 'ingest/1', 'second/1']);
    await expectReplay(handle);
  }, 60_000);

  it('while no host answers is taken up with the others once one does', async () => {
    let answer: () => void = () => undefined;
    hostAnswers = new Promise((resolve) => {
      answer = resolve;
    });
    const handle = await startTold('early', {});
    await handle.executeUpdate('addOutput', { args: [output('added')] });
    answer();
    await untilStates(handle, branches);
    expect(keysOf(started, 'early')).toEqual(['added/1', 'first/1', 'ingest/1', 'second/1']);
    await expectReplay(handle);
  }, 60_000);
});
