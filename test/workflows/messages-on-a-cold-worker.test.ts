// Goal: the history of an instance replays, whatever a worker had to read of it when a message came. A worker that does not know a workflow
// may read two of its tasks as one when the first of them has left no event behind. Method: messages that take each other back, then a new
// configuration for a worker that has just begun; the history that they leave is replayed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { RunSpec } from '../../core/run.js';
import type { CycleResult, SourceMemory } from '../../core/source-cycle/index.js';
import { until } from '../support/cluster.js';
import { WorkflowStage } from '../support/workflow-stage.js';

let stage: WorkflowStage;
/** Lets the fetches end that are under way. */
let endFetches: () => void = () => undefined;

const activities = {
  recordNotifications: () => Promise.resolve(),
  saveSourceStatus: () => Promise.resolve(),
  resolveStream: () => Promise.resolve({ kind: 'live', media: { url: 'http://127.0.0.1:9/' } }),
  startRun: (spec: RunSpec) => {
    stage.tellStarted(spec);
    throw new CompleteAsyncError();
  },
  stopRun: () => Promise.resolve(null),
  runCycle: async ({ memory }: { memory: SourceMemory }): Promise<CycleResult> => {
    await new Promise<void>((resolve) => {
      endFetches = resolve;
    });
    const found = { detail: null, items: 0, newItems: 0, changedItems: 0 };
    return { outcome: 'not_modified', ...found, memory };
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set();
  await stage.perform(activities);
}, 120_000);

afterAll(async () => {
  endFetches();
  await stage.close();
}, 60_000);

const outputs = ['first', 'second'].map((name) => ({
  name,
  kind: 'push',
  url: `rtmp://127.0.0.1:9/live/${name}`,
}));

const KINDS: [string, object, RegExp][] = [
  ['stream', { resolver: { kind: 'command', argv: ['live-url'] } }, /^recording/],
  ['capture', { input: { kind: 'ffmpeg', args: ['-i', 'x'] }, outputs }, /^encoding/],
  ['source', { url: 'http://127.0.0.1:9/' }, /^fetching/],
];

describe('a new configuration for a worker that does not know the workflow', () => {
  it.each(KINDS)(
    'leaves a history that replays after a %s was paused and resumed in one task',
    async (kind, entry, atWork) => {
      const workflowId = `${kind}/cold`;
      const { workflow } = stage.client;
      const args = [{ id: 'cold', ...entry }];
      const handle = await workflow.start(kind, { workflowId, taskQueue: 'holdfast', args });
      const isAtWork = async () => atWork.test((await handle.query<InstanceStatus>('status')).detail);
      await until(isAtWork, 30_000, 'work');
      // Nothing is to be done for this one, so that its task leaves no event behind, either.
      await handle.signal(kind === 'source' ? 'fetchNow' : 'resume');
      await isAtWork();
      await stage.pauseWorkflows();
      await handle.signal('pause');
      await handle.signal('resume');
      await stage.resumeWorkflows();
      expect(await isAtWork()).toBe(true);

      await stage.pauseWorkflows();
      const changed = { id: 'cold', ...entry, ...CHANGES[kind] };
      const answers = [1, 2].map(() => handle.executeUpdate('reconfigure', { args: [changed] }));
      await stage.resumeWorkflows();
      await Promise.all(answers);
      const history = await handle.fetchHistory();
      await Worker.runReplayHistory({ workflowBundle: stage.workflowBundle }, history, workflowId);
      await handle.terminate();
    },
    90_000,
  );
});

/** What a run, or a fetch, has to be made anew for. */
const CHANGES: Readonly<Record<string, object>> = {
  stream: { stall_timeout: '20s' },
  capture: { stall_timeout: '20s' },
  source: { url: 'http://127.0.0.1:9/other' },
};
