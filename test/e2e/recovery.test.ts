// Goal: what is done after a loss, and what is said about it, is what the contract says. Method: refused ports, a source that
// goes and comes, and a recorder that is killed; read from status, history and store.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { Notification } from '../../core/notifications.js';
import { Cluster, processesOf, until } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { timersOf } from '../support/workflow-history.js';

const REFUSED = { kind: 'direct', url: 'http://127.0.0.1:9/x' };
const CONNECTION_WAIT_SECONDS = 120;
/** Longer than the retries that come before a connection wait, on a slow machine too. */
const LOSS_TIMEOUT_MS = 40_000;

let cluster: Cluster;
let source: LiveSource;
let folder: string;

beforeAll(async () => {
  [cluster, source, folder] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    mkdtemp(join(tmpdir(), 'holdfast-recovery-')),
  ]);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function untilWaiting(id: string): Promise<InstanceStatus> {
  await until(
    async () => /waiting for the source/.test((await cluster.status(id)).detail),
    LOSS_TIMEOUT_MS,
    `${id} to wait for the source`,
  );
  return await cluster.status(id);
}

async function eventsOf(handle: WorkflowHandle) {
  return (await handle.fetchHistory()).events ?? [];
}

async function activitiesOf(handle: WorkflowHandle): Promise<(string | null | undefined)[]> {
  return (await eventsOf(handle)).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [scheduled.activityType?.name] : [],
  );
}

async function notificationsOf(id: string): Promise<Notification[]> {
  return (await cluster.notifications()).filter(({ instance }) => instance === id);
}

async function untilNotified(id: string, count: number): Promise<Notification[]> {
  await until(
    async () => (await notificationsOf(id)).length >= count,
    10_000,
    `${count} notifications of ${id}`,
  );
  return await notificationsOf(id);
}

/** Kills the recorder of one run: the first once it records, a later one as soon as it is there. */
async function killRun(name: string, run: number): Promise<void> {
  let pids: number[] = [];
  await until(
    async () => {
      const [branch] = (await cluster.status(`stream/${name}`)).branches;
      if (branch?.run !== run || (run === 1 && branch.state !== 'running')) return false;
      pids = await processesOf(cluster.dataDir, new RegExp(`^\\S*ffmpeg .*\\n[^]*/${name}/`));
      return pids.length > 0;
    },
    LOSS_TIMEOUT_MS,
    `run ${run} of ${name}`,
  );
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

describe('a lost connection', () => {
  it('is retried three times at once and then waited for 120 s, with a timer that says so', async () => {
    const handle = await cluster.startStream({ id: 'refused', resolver: REFUSED });
    const status = await untilWaiting('stream/refused');
    expect(status).toMatchObject({ state: 'retrying' });
    expect(status.detail).toMatch(/until \d\d:\d\d:\d\dZ or as soon as the source answers/);
    expect(status.incidents.map(({ cause }) => cause)).toEqual(Array(4).fill('network_disconnect'));
    expect(status.branches[0]).toMatchObject({ run: 4 });
    const timers = await timersOf(handle);
    const waits = timers.filter(({ seconds }) => seconds === CONNECTION_WAIT_SECONDS);
    expect(waits).toHaveLength(1);
    expect(waits[0]?.summary).toMatch(/^waiting for the source until \d\d:\d\d:\d\dZ/);
    const before = timers.slice(0, timers.indexOf(waits[0] ?? { seconds: 0, summary: '' }));
    expect(before.map(({ seconds }) => seconds)).toEqual([1, 2]);
    expect(before.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^retrying 2\/3, next attempt \d\d:\d\d:\d\dZ/),
      expect.stringMatching(/^retrying 3\/3, next attempt \d\d:\d\d:\d\dZ/),
    ]);
    expect(await activitiesOf(handle)).toContain('awaitSource');
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ reason: 'stop requested' });
  }, 90_000);

  it('is waited for straight away without quick retries, and nobody is asked without early return', async () => {
    const recovery = { quick_retries: 0, early_return: false };
    const handle = await cluster.startStream({ id: 'plain', resolver: REFUSED, recovery });
    const status = await untilWaiting('stream/plain');
    expect(status.branches[0]).toMatchObject({ run: 1, attempt: 0 });
    expect(status.detail).not.toContain('as soon as');
    expect((await timersOf(handle)).map(({ seconds }) => seconds)).toEqual([CONNECTION_WAIT_SECONDS]);
    expect(await activitiesOf(handle)).not.toContain('awaitSource');
    await handle.signal('stop');
    await handle.result();
  }, 60_000);

  it('is told of once each time, and so is the return', async () => {
    const handle = await cluster.startStream({
      id: 'coming',
      resolver: { kind: 'direct', url: source.urls.ts },
      recovery: { quick_retries: 1 },
    });
    await cluster.untilState('stream/coming', 'running');
    // Long enough for a retry in vain: it is told of once all the same.
    const back = source.refuse(5_000);
    await until(
      async () => (await cluster.status('stream/coming')).incidentCount >= 2,
      LOSS_TIMEOUT_MS,
      'a second incident',
    );
    await back;
    await untilNotified('stream/coming', 2);
    await cluster.untilState('stream/coming', 'running');
    source.rst();
    await untilNotified('stream/coming', 4);
    await cluster.untilState('stream/coming', 'running');
    const told = await notificationsOf('stream/coming');
    const lost = { event: 'retry_started', level: 'info', message: 'Connection lost, retrying...' };
    const again = { event: 'retry_succeeded', level: 'success', message: 'Reconnected successfully' };
    expect(told.map(({ event, level, message }) => ({ event, level, message }))).toEqual([
      lost,
      again,
      lost,
      again,
    ]);
    expect(told[0]).toMatchObject({ branch: 'recording', cause: 'network_disconnect' });
    expect(new Set(told.map(({ id }) => id)).size).toBe(4);
    await handle.signal('stop');
    await handle.result();
  }, 90_000);
});

describe('a recorder that crashes again and again', () => {
  const startCrashing = async (id: string, max_retries: number) =>
    await cluster.startStream({
      id,
      resolver: { kind: 'direct', url: source.urls.ts },
      recovery: { max_retries, retry_delay: 0 },
    });

  it('is given up after as many attempts as it may have', async () => {
    const allowed = { fragile: 1, crashing: 3 };
    await Promise.all(
      Object.entries(allowed).map(async ([name, attempts]) => {
        const handle = await startCrashing(name, attempts);
        for (let run = 1; run <= attempts + 1; run += 1) await killRun(name, run);
        const failure = await handle.result().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(WorkflowFailedError);
        const { cause } = failure as WorkflowFailedError;
        expect(cause).toBeInstanceOf(ApplicationFailure);
        expect((cause as ApplicationFailure).type).toBe('crashed');
      }),
    );
    const errorsOf = async (id: string) =>
      (await notificationsOf(id)).filter(({ level }) => level === 'error');
    const givenUp = { event: 'retries_exhausted', cause: 'crashed' };
    expect(await errorsOf('stream/fragile')).toMatchObject([
      { ...givenUp, message: 'Failed after 1 attempt', attempt: 1 },
    ]);
    expect(await errorsOf('stream/crashing')).toMatchObject([
      { ...givenUp, message: 'Failed after 3 attempts', attempt: 3 },
    ]);
    expect((await notificationsOf('stream/crashing')).at(-1)).toMatchObject(givenUp);
  }, 90_000);

  it('is started again by `holdfast retry`, with its last configuration', async () => {
    const failed = await cluster.client.workflow.getHandle('stream/crashing').describe();
    expect(failed.status.name).toBe('FAILED');
    expect(await cluster.cli('retry', 'stream/crashing')).toMatchObject({ exitCode: 0 });
    const status = await cluster.untilState('stream/crashing', 'running');
    expect(status).toMatchObject({
      incidentCount: 0,
      config: { id: 'crashing', recovery: { max_retries: 3, retry_delay: 0 } },
    });
    const again = cluster.client.workflow.getHandle('stream/crashing');
    expect((await again.describe()).runId).not.toBe(failed.runId);
    await again.signal('stop');
    expect(await again.result()).toMatchObject({ reason: 'stop requested' });
  }, 60_000);
});

describe('retry', () => {
  it('looks for the show at once', async () => {
    const flag = join(folder, 'url');
    const handle = await cluster.startStream({
      id: 'patient',
      resolver: { kind: 'command', argv: ['sh', '-c', 'cat "$0" 2>/dev/null || true', flag] },
      watch: true,
      // Far longer than this test waits.
      poll: { min: '10m', max: '20m' },
    });
    await cluster.untilState('stream/patient', 'waiting_live');
    await writeFile(flag, source.urls.ts);
    expect(await cluster.cli('retry', 'stream/patient')).toMatchObject({ exitCode: 0 });
    await cluster.untilState('stream/patient', 'running');
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ reason: 'stop requested', runs: 1 });
  }, 60_000);
});
