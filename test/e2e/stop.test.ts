// Goal: whoever says stop is obeyed in every state. In each one the process ends, the segment is finalised and the workflow
// completes; with the worker down, as soon as it is back. Method: real server, real worker process, real media.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamSummary } from '../../workflows/stream.js';
import { Cluster, processesOf, until, type WorkerProcess } from '../support/cluster.js';
import { readFrameNumbers, startLiveSource, type LiveSource } from '../support/live-source/index.js';

let cluster: Cluster;
let source: LiveSource;
let worker: WorkerProcess;

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  worker = await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

const refused = { kind: 'direct', url: 'http://127.0.0.1:9/live.ts' };

async function summaryOf(id: string): Promise<StreamSummary> {
  return (await cluster.client.workflow.getHandle(id).result()) as StreamSummary;
}

async function expectNothingLeft(id: string): Promise<void> {
  const name = id.replace('stream/', '');
  await until(
    async () =>
      (await processesOf(cluster.dataDir, new RegExp(`^\\S*(ffmpeg|node) .*\\n[^]*/${name}/`))).length === 0,
    10_000,
    `the processes of ${id} to end`,
  );
}

describe('stop', () => {
  it('ends a running recording, finalises its segment and completes the workflow', async () => {
    const handle = await cluster.startStream({
      id: 'running',
      resolver: { kind: 'direct', url: source.urls.ts },
    });
    await cluster.untilState('stream/running', 'running');
    await until(async () => (await cluster.mediaFiles('stream/running')).length > 0, 10_000, 'a first file');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await handle.signal('stop');
    const summary = await summaryOf('stream/running');
    expect(summary).toMatchObject({ state: 'stopped', reason: 'stop requested', runs: 1, incidents: 0 });
    await expectNothingLeft('stream/running');
    const [file] = await cluster.mediaFiles('stream/running');
    const frames = await readFrameNumbers(file ?? '');
    expect(frames.length).toBeGreaterThan(25);
    await until(async () => (await cluster.manifest('stream/running')).length > 0, 10_000, 'the manifest');
    const [segment] = await cluster.manifest('stream/running');
    expect(segment).toMatchObject({ type: 'segment', frames: frames.length, run: 1 });
  });

  it('ends the wait between quick retries', async () => {
    const recovery = { quick_retries: 20 };
    const handle = await cluster.startStream({ id: 'retrying', resolver: refused, recovery });
    await until(
      async () => (await cluster.status('stream/retrying')).retries >= 4,
      30_000,
      'a quick retry with a pause',
    );
    await handle.signal('stop');
    expect(await summaryOf('stream/retrying')).toMatchObject({ reason: 'stop requested' });
    await expectNothingLeft('stream/retrying');
  });

  it('ends the two-minute wait, with and without early return', async () => {
    for (const early_return of [true, false]) {
      const id = `waiting-${early_return ? 'asking' : 'plainly'}`;
      const recovery = { quick_retries: 0, early_return };
      const handle = await cluster.startStream({ id, resolver: refused, recovery });
      await until(
        async () => /waiting for the source/.test((await cluster.status(`stream/${id}`)).detail),
        30_000,
        'the wait',
      );
      await handle.signal('stop');
      expect(await summaryOf(`stream/${id}`)).toMatchObject({
        reason: 'stop requested',
        runs: 1,
        incidents: 1,
      });
    }
  });

  it('ends the wait for the next show', async () => {
    const resolver = { kind: 'command', argv: ['true'] };
    const handle = await cluster.startStream({ id: 'not-yet', resolver, watch: true });
    await cluster.untilState('stream/not-yet', 'waiting_live');
    await handle.signal('stop');
    expect(await summaryOf('stream/not-yet')).toMatchObject({ reason: 'stop requested', runs: 0 });
  });

  it('ends a pause', async () => {
    const handle = await cluster.startStream({
      id: 'paused',
      resolver: { kind: 'direct', url: source.urls.ts },
    });
    await cluster.untilState('stream/paused', 'running');
    await handle.signal('pause');
    await cluster.untilState('stream/paused', 'paused');
    await expectNothingLeft('stream/paused');
    await handle.signal('stop');
    expect(await summaryOf('stream/paused')).toMatchObject({ reason: 'stop requested', runs: 1 });
  });

  it('is an orderly stop, too, when the workflow is cancelled', async () => {
    const handle = await cluster.startStream({
      id: 'cancelled',
      resolver: { kind: 'direct', url: source.urls.ts },
    });
    await cluster.untilState('stream/cancelled', 'running');
    await handle.cancel();
    expect(await summaryOf('stream/cancelled')).toMatchObject({ reason: 'stop requested' });
    await expectNothingLeft('stream/cancelled');
  });

  it('takes effect when the worker is back, if it was down', async () => {
    const handle = await cluster.startStream({
      id: 'alone',
      resolver: { kind: 'direct', url: source.urls.ts },
    });
    await cluster.untilState('stream/alone', 'running');
    await worker.end('SIGKILL');
    await handle.signal('stop');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect((await processesOf(cluster.dataDir, /^\S*ffmpeg .*\n[^]*\/alone\//)).length).toBeGreaterThan(0);
    worker = await cluster.startWorker();
    expect(await summaryOf('stream/alone')).toMatchObject({ reason: 'stop requested', runs: 1 });
    await expectNothingLeft('stream/alone');
  });
});
