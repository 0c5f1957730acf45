// Goal: whatever is asked of a capture in the very moment in which its history is continued as a new one is done, and leaves no process
// behind. Method: a real server and worker; the host's activities only note what they are asked for, and the end of one run is held
// back, so that the moment is as long as the test needs. The host has tests of its own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { StopRunInput } from '../../core/activity-contract.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { RunSpec } from '../../core/run.js';
import { until } from '../support/cluster.js';
import { growHistory } from '../support/long-history.js';
import { WorkflowStage } from '../support/workflow-stage.js';

let stage: WorkflowStage;
let client: Client;
/** Runs that a host would have processes of. */
const living = new Set<string>();
/** Resolves when the end of the first run of the output `slow` may be told. */
let releaseSlow: () => void = () => undefined;

const activities = {
  recordNotifications: () => Promise.resolve(),
  pingHost: () => Promise.resolve({ host: 'h' }),
  startRun: (spec: RunSpec) => {
    living.add(spec.runKey);
    stage.tellStarted(spec);
    throw new CompleteAsyncError();
  },
  stopRun: async ({ runKey }: StopRunInput) => {
    if (runKey.endsWith('/slow/1')) {
      await new Promise<void>((resolve) => {
        releaseSlow = resolve;
      });
    }
    living.delete(runKey);
    return null;
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set();
  ({ client } = stage);
  await stage.perform(activities);
}, 120_000);

afterAll(async () => {
  releaseSlow();
  await stage.close();
}, 60_000);

const outputs = ['kept', 'slow'].map((name) => ({
  name,
  kind: 'push',
  url: `rtmp://127.0.0.1:9/live/${name}`,
}));
const entryOf = (id: string) => ({ id, input: { kind: 'ffmpeg', args: ['-i', 'x'] }, outputs });

/** A capture that is about to continue as new and only waits for the end of the run of `slow`. */
class LeavingCapture {
  readonly id: string;
  readonly #runId: string;

  private constructor(id: string, runId: string) {
    this.id = id;
    this.#runId = runId;
  }

  static async start(name: string): Promise<LeavingCapture> {
    const workflowId = `capture/${name}`;
    const { firstExecutionRunId } = await client.workflow.start('capture', {
      workflowId,
      taskQueue: 'holdfast',
      args: [entryOf(name)],
    });
    const capture = new LeavingCapture(workflowId, firstExecutionRunId);
    await capture.untilRunning({ ingest: 1, kept: 1, slow: 1 });
    const [kept, slow] = outputs;
    const entry = { ...entryOf(name), outputs: [kept, { ...slow, format: 'flv' }] };
    await capture.handle.executeUpdate('reconfigure', { args: [entry] });
    await until(
      async () => (await capture.branch('slow')).state === 'stopping',
      20_000,
      'the end to be held back',
    );
    await capture.#growHistory();
    return capture;
  }

  get handle(): WorkflowHandle {
    return client.workflow.getHandle(this.id);
  }

  async status(): Promise<InstanceStatus> {
    return await this.handle.query<InstanceStatus>('status');
  }

  async branch(name: string) {
    const found = (await this.status()).branches.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no branch ${name}`);
    return found;
  }

  async untilRunning(runs: Readonly<Record<string, number>>): Promise<void> {
    let last: unknown;
    await until(
      async () => {
        const { branches } = await this.status();
        last = Object.fromEntries(
          branches.map(({ name, run, state }) => [name, state === 'running' ? run : state]),
        );
        return JSON.stringify(last) === JSON.stringify(runs);
      },
      30_000,
      () => `${this.id} to run as ${JSON.stringify(runs)}; it is ${JSON.stringify(last)}`,
    );
  }

  async untilContinued(): Promise<void> {
    await until(
      async () => (await this.handle.describe()).runId !== this.#runId,
      30_000,
      'the next execution',
    );
  }

  async #growHistory(): Promise<void> {
    await growHistory(client, this.id);
    // A query is answered after what came before it: from now on it is leaving.
    await this.handle.signal('retry', 'nobody');
    await this.status();
    expect((await this.handle.describe()).runId).toBe(this.#runId);
  }
}

describe('in the moment of the continuation', () => {
  it('stop ends every run, and the capture', async () => {
    const capture = await LeavingCapture.start('stopped');
    await capture.handle.signal('stop');
    releaseSlow();
    expect(await capture.handle.result()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    expect([...living].filter((runKey) => runKey.startsWith(capture.id))).toEqual([]);
  }, 90_000);

  it('pause ends every run, and resume begins new ones', async () => {
    const capture = await LeavingCapture.start('paused');
    await capture.handle.signal('pause');
    releaseSlow();
    await capture.untilContinued();
    await until(async () => (await capture.status()).state === 'paused', 20_000, 'the pause');
    expect([...living].filter((runKey) => runKey.startsWith(capture.id))).toEqual([]);
    await capture.handle.signal('resume');
    await capture.untilRunning({ ingest: 2, kept: 2, slow: 2 });
    await capture.handle.signal('stop');
    await capture.handle.result();
  }, 90_000);

  it('a lost signal, a removed output, an added one and a new configuration are heeded', async () => {
    const capture = await LeavingCapture.start('changed');
    await capture.handle.executeUpdate('removeOutput', { args: ['kept'] });
    await capture.handle.executeUpdate('addOutput', {
      args: [{ name: 'added', kind: 'push', url: 'rtmp://127.0.0.1:9/live/added' }],
    });
    await capture.handle.signal('hdmiLost');
    releaseSlow();
    await capture.untilContinued();
    await until(
      async () => (await capture.status()).state === 'waiting_signal',
      20_000,
      'the wait for the signal',
    );
    expect([...living].filter((runKey) => runKey.startsWith(capture.id))).toEqual([]);
    await capture.handle.signal('hdmiRestored');
    await capture.untilRunning({ ingest: 2, slow: 2, added: 1 });
    const last = await capture.status();
    const entry = { ...(last.config as object), stall_timeout: '30s' };
    expect(await capture.handle.executeUpdate('reconfigure', { args: [entry] })).toMatchObject({
      restarted: true,
    });
    await capture.untilRunning({ ingest: 3, slow: 2, added: 1 });
    await capture.handle.signal('stop');
    await capture.handle.result();
  }, 90_000);

  it('a new configuration of the ingest reaches a new run', async () => {
    const capture = await LeavingCapture.start('reconfigured');
    const { config } = await capture.status();
    await capture.handle.executeUpdate('reconfigure', {
      args: [{ ...(config as object), stall_timeout: '30s' }],
    });
    releaseSlow();
    await capture.untilContinued();
    await capture.untilRunning({ ingest: 2, kept: 1, slow: 2 });
    expect([...living].filter((runKey) => runKey.startsWith(capture.id)).sort()).toEqual([
      `${capture.id}/ingest/2`,
      `${capture.id}/kept/1`,
      `${capture.id}/slow/2`,
    ]);
    await capture.handle.signal('stop');
    await capture.handle.result();
  }, 90_000);
});
