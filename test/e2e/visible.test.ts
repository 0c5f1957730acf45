// Goal: Temporal's own tools show what an instance does, without a query to a worker of ours: search attributes, current
// details and summaries follow the state. Method: a recorder that is killed, read by the client as the Web UI reads it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { Cluster, processesOf, until } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { timersOf } from '../support/workflow-history.js';

const KIND = defineSearchAttributeKey('HoldfastKind', SearchAttributeType.KEYWORD);
const STATE = defineSearchAttributeKey('HoldfastState', SearchAttributeType.KEYWORD);
const HOST = defineSearchAttributeKey('HoldfastHost', SearchAttributeType.KEYWORD);

let cluster: Cluster;
let source: LiveSource;
let handle: WorkflowHandle;

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  await cluster.startWorker();
  handle = await cluster.startStream({
    id: 'shown',
    resolver: { kind: 'direct', url: source.urls.ts },
    // Long enough to look at each state at leisure.
    recovery: { max_retries: 3, retry_delay: '10m' },
  });
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

async function attributes() {
  const { typedSearchAttributes: found } = await handle.describe();
  return { kind: found.get(KIND), state: found.get(STATE), host: found.get(HOST) };
}

async function untilAttributes(state: string): Promise<void> {
  await until(async () => (await attributes()).state === state, 20_000, `the attribute to be ${state}`);
  expect(await attributes()).toEqual({ kind: 'stream', state, host: cluster.host });
}

async function currentDetails(): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

async function killRecorder(): Promise<void> {
  const pids = await processesOf(cluster.dataDir, /^\S*ffmpeg .*\n[^]*\/shown\//);
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** What the Web UI shows beside each scheduled activity and timer. */
async function summaries(): Promise<{ of: string; summary: string }[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const of = activity ?? (event.timerStartedEventAttributes ? 'timer' : undefined);
    if (of === undefined) return [];
    const summary = event.userMetadata?.summary;
    return [{ of, summary: summary ? defaultPayloadConverter.fromPayload<string>(summary) : '' }];
  });
}

describe('what Temporal shows of a stream', () => {
  it('follows a recording', async () => {
    await cluster.untilState('stream/shown', 'running');
    await untilAttributes('running');
    expect(await currentDetails()).toMatch(/^running\b/);
  }, 60_000);

  it('follows a retry, and says which, when and why', async () => {
    await killRecorder();
    await cluster.untilState('stream/shown', 'retrying');
    await untilAttributes('retrying');
    expect(await currentDetails()).toMatch(/^retrying 1\/3, next attempt \d\d:\d\d:\d\dZ, \S/);

    await handle.signal('retry');
    await cluster.untilState('stream/shown', 'running');
    await untilAttributes('running');
    await killRecorder();
    await cluster.untilState('stream/shown', 'retrying');
    await untilAttributes('retrying');
    const { detail, branches } = await cluster.status('stream/shown');
    const details = await currentDetails();
    expect(details).toMatch(/^retrying 2\/3, next attempt \d\d:\d\d:\d\dZ, \S/);
    expect(details).toContain(detail);
    expect(details).toContain(`${branches[0]?.nextAttemptAt?.slice(11, 19)}Z`);
  }, 90_000);

  it('can be searched for', async () => {
    const found = async (query: string) => {
      const ids: string[] = [];
      for await (const { workflowId } of cluster.client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    };
    const query = (state: string) =>
      `HoldfastKind = 'stream' AND HoldfastState = '${state}' AND HoldfastHost = '${cluster.host}'`;
    await until(async () => (await found(query('retrying'))).length > 0, 20_000, 'the list');
    expect(await found(query('retrying'))).toEqual(['stream/shown']);
    expect(await found(query('running'))).toEqual([]);
  }, 60_000);

  it('names every activity and every timer in words', async () => {
    const shown = await summaries();
    expect(shown.filter(({ summary }) => summary === '')).toEqual([]);
    const runs = shown.filter(({ of }) => of === 'startRun').map(({ summary }) => summary);
    expect(runs).toEqual([expect.stringMatching(/\brun 1\b/), expect.stringMatching(/\brun 2\b/)]);
    const waits = shown.filter(({ of }) => of === 'timer').map(({ summary }) => summary);
    expect(waits).toEqual([expect.stringMatching(/^retrying 1\/3/), expect.stringMatching(/^retrying 2\/3/)]);
  }, 60_000);

  it('follows the stop', async () => {
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    await untilAttributes('stopped');
    expect(await currentDetails()).toMatch(/^stopped\b/);
  }, 60_000);
});

describe('evidence in a script of many bytes', () => {
  it('is shortened to what a summary may hold, and stays whole in the status', async () => {
    const words = `サーバー接続失敗${'。詳細'.repeat(80)}`;
    const resolver = { kind: 'command', argv: ['sh', '-c', `echo "connection reset: ${words}" >&2; exit 1`] };
    const wordy = await cluster.startStream({ id: 'wordy', resolver, recovery: { retry_delay: '10m' } });
    const { detail } = await cluster.untilState('stream/wordy', 'retrying');
    expect(detail).toContain('サーバー接続失敗。詳細。詳細');
    expect(Buffer.byteLength(detail)).toBeGreaterThan(400);
    await until(async () => (await timersOf(wordy)).length > 0, 10_000, 'a timer');
    const [timer] = await timersOf(wordy);
    expect(timer?.summary).toMatch(/サーバー接続失敗(。詳細)+.{0,2}…$/);
    await wordy.signal('stop');
    expect(await wordy.result()).toMatchObject({ state: 'stopped' });
  }, 60_000);
});
