// Goal: what people ask for between a loss and the return of media is shown as it is, and media that flows afterwards is told of. Method: a
// real server and worker; the first run of each branch is lost, the second delivers nothing and is ended by a message, the third delivers.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { StopRunInput } from '../../core/activity-contract.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { Notification } from '../../core/notifications.js';
import type { RunSpec } from '../../core/run.js';
import { until } from '../support/cluster.js';
import { failedRun } from '../support/failed-run.js';
import { WorkflowStage } from '../support/workflow-stage.js';

const LOST_RUN = 1;
const SILENT_RUN = 2;
const resolver = { kind: 'command', argv: ['live-url'] };
const outputs = [{ name: 'live', kind: 'push', url: 'rtmp://127.0.0.1:9/live/a' }];
const input = { kind: 'ffmpeg', args: ['-i', 'x'] };
const recovery = { retry_delay: '100ms' };

let stage: WorkflowStage;
/** Runs that a host would have processes of. */
const living = new Set<string>();
/** Run keys of which a host was told that they end. */
const ending: string[] = [];
const told: [string, string][] = [];
/** What lets runs end that are asked to, and media flow. */
const ends = gate();
const media = gate();

const activities = {
  resolveStream: () => Promise.resolve({ kind: 'live', media: { url: 'http://127.0.0.1:9/' } }),
  recordNotifications: (notifications: readonly Notification[]) => {
    told.push(...notifications.map(({ instance, message }): [string, string] => [instance, message]));
    return Promise.resolve();
  },
  startRun: (spec: RunSpec) => {
    if (isOfInterest(spec.runKey) && spec.run === LOST_RUN) {
      return Promise.resolve(failedRun(spec, 'network_disconnect', 'connection reset by peer'));
    }
    living.add(spec.runKey);
    const delivers = !isOfInterest(spec.runKey) || spec.run !== SILENT_RUN;
    if (delivers) void media.opened.then(() => stage.tellStarted(spec));
    throw new CompleteAsyncError();
  },
  stopRun: async ({ runKey }: StopRunInput) => {
    ending.push(runKey);
    await ends.opened;
    living.delete(runKey);
    return null;
  },
};

/** Outputs of a capture only take part. */
function isOfInterest(runKey: string): boolean {
  return !runKey.includes('/live/');
}

function gate() {
  const made = { opened: Promise.resolve(), open: () => undefined as void, close };
  function close(): void {
    made.opened = new Promise((resolve) => {
      made.open = resolve;
    });
  }
  return made;
}

beforeAll(async () => {
  stage = await WorkflowStage.set();
  await stage.perform(activities);
}, 120_000);

afterAll(async () => {
  ends.open();
  media.open();
  await stage.close();
}, 60_000);

/** An instance whose first branch has lost its media and runs once more, in vain so far. */
async function inAnEpisode(kind: 'stream' | 'capture', name: string) {
  ends.close();
  const workflowId = `${kind}/${name}`;
  const entry = kind === 'stream' ? { id: name, resolver } : { id: name, input, outputs, recovery };
  const options = { workflowId, taskQueue: 'holdfast', args: [entry] };
  const handle = await stage.client.workflow.start(kind, options);
  const branch = kind === 'stream' ? 'recording' : 'ingest';
  const runKey = (run: number) => `${workflowId}/${branch}/${run}`;
  const first = async () => (await handle.query<InstanceStatus>('status')).branches[0];
  await until(() => living.has(runKey(SILENT_RUN)), 30_000, 'the second run');
  const untilState = async (state: string) => {
    let last: unknown;
    const isReached = async () => {
      last = await first();
      return (last as { state: string }).state === state;
    };
    await until(isReached, 20_000, () => `${state}: ${JSON.stringify(last)}`);
  };
  return {
    handle,
    untilState,
    entry,
    untilSilentRunEnds: () => until(() => ending.includes(runKey(SILENT_RUN)), 20_000, 'the end asked for'),
    expectDelivery: async () => {
      await untilState('running');
      expect(await first()).toMatchObject({ run: 3, attempt: 0 });
      expect([...living].filter((key) => key.startsWith(`${workflowId}/${branch}/`))).toEqual([runKey(3)]);
      const hasReturned = () => toldOf(workflowId).at(-1)?.startsWith('Reconnected') === true;
      await until(hasReturned, 20_000, () => toldOf(workflowId).join('; '));
      expect(toldOf(workflowId).filter((message) => message.startsWith('Connection lost'))).toHaveLength(1);
      const history = await handle.fetchHistory();
      await Worker.runReplayHistory({ workflowBundle: stage.workflowBundle }, history, workflowId);
      await handle.terminate();
    },
  };
}

const toldOf = (id: string) => told.filter(([instance]) => instance === id).map(([, message]) => message);

describe('between a loss and the return of media', () => {
  it.each([
    ['stream', ['pause', 'resume']],
    ['capture', ['pause', 'resume']],
    ['capture', ['hdmiLost', 'hdmiRestored']],
  ] as const)(
    'a %s that is told %j while a run ends shows that the next one delivers',
    async (kind, messages) => {
      const instance = await inAnEpisode(kind, `told-${messages.join('-').toLowerCase()}`);
      await instance.handle.signal(messages[0]);
      await instance.untilSilentRunEnds();
      await instance.untilState('stopping');
      await instance.handle.signal(messages[1]);
      ends.open();
      await instance.expectDelivery();
    },
    60_000,
  );

  it.each(['stream', 'capture'] as const)(
    'a new configuration of a %s that works is told of',
    async (kind) => {
      const instance = await inAnEpisode(kind, 'configured');
      const changed = { ...instance.entry, stall_timeout: '20s' };
      const answer = instance.handle.executeUpdate('reconfigure', { args: [changed] });
      await instance.untilSilentRunEnds();
      ends.open();
      await answer;
      await instance.expectDelivery();
    },
    60_000,
  );

  it.each(['stream', 'capture'] as const)(
    'a %s is no longer shown as paused once it is resumed',
    async (kind) => {
      const instance = await inAnEpisode(kind, 'paused');
      await instance.handle.signal('pause');
      ends.open();
      await instance.untilState('paused');
      media.close();
      await instance.handle.signal('resume');
      await instance.untilState('starting');
      media.open();
      await instance.expectDelivery();
    },
    60_000,
  );
});
