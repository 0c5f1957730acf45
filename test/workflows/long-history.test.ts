// Goal: a stream that breaks 500 times never outgrows its history, carries its state over, and replays.
// Method: a real server and worker; the host's activities answer at once with a lost connection, so that 500 incidents take
// seconds. What is under test is the workflow; the host has tests of its own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Notification } from '../../core/notifications.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { RunSpec } from '../../core/run.js';
import { failedRun } from '../support/failed-run.js';
import { until } from '../support/cluster.js';
import { WorkflowStage } from '../support/workflow-stage.js';

const INCIDENTS = 500;
const HISTORY_EVENTS_MAX = 4_096;

let stage: WorkflowStage;
let client: Client;
let workflowBundle: WorkflowStage['workflowBundle'];

beforeAll(async () => {
  stage = await WorkflowStage.set();
  ({ client, workflowBundle } = stage);
}, 120_000);

afterAll(() => stage.close(), 60_000);

interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events?: readonly unknown[] };
}

describe('a stream of 500 incidents', () => {
  it('stays under 4,096 events, carries its state over and replays', async () => {
    const runs: number[] = [];
    const notifications: Notification[] = [];
    const activities = {
      resolveStream: () => Promise.resolve({ kind: 'live', media: { url: 'http://127.0.0.1:9/' } }),
      recordNotifications: (batch: Notification[]) => Promise.resolve(void notifications.push(...batch)),
      startRun: async (spec: RunSpec) => {
        runs.push(spec.run);
        // Every 50th run delivers before it breaks, so that episodes begin and end.
        if (spec.run % 50 === 0) {
          const started = { runKey: spec.runKey, at: new Date().toISOString() };
          await client.workflow.getHandle(spec.workflowId).signal('runStarted', started);
        }
        return failedRun(spec, 'network_disconnect', 'connection reset by peer');
      },
      stopRun: () => Promise.resolve(null),
    };
    await stage.perform(activities);
    const recovery = { quick_retries: 0, connection_wait: '1ms', early_return: false };
    const input = { id: 'long', resolver: { kind: 'direct', url: 'http://127.0.0.1:9/' }, recovery };
    const handle = await client.workflow.start('stream', {
      workflowId: 'stream/long',
      taskQueue: 'holdfast',
      args: [input],
    });
    const latest = client.workflow.getHandle('stream/long');
    const status = () => latest.query<InstanceStatus>('status');
    await until(
      () => runs.length > INCIDENTS,
      400_000,
      () => `500 incidents; there were ${runs.length}`,
    );
    await latest.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped' });

    const last = await status();
    expect(last.incidentCount).toBeGreaterThanOrEqual(INCIDENTS);
    expect(last.incidents).toHaveLength(20);
    expect(new Set(runs).size).toBe(runs.length);
    expect(Math.max(...runs)).toBe(runs.length);
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(notifications.length);
    expect(notifications.filter(({ event }) => event === 'retry_succeeded').length).toBeGreaterThanOrEqual(9);

    const histories = client.workflow.list({ query: `WorkflowId = 'stream/long'` }).intoHistories();
    const replayed: number[] = [];
    for await (const { history, workflowId } of histories as AsyncIterable<RecordedHistory>) {
      expect(history.events?.length ?? 0).toBeLessThan(HISTORY_EVENTS_MAX);
      await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
      replayed.push(history.events?.length ?? 0);
    }
    expect(replayed.length).toBeGreaterThan(1);
  }, 480_000);
});
