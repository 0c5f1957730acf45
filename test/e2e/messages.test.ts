// Goal: no message can break a workflow, and each does what it says. Method: raw client calls with good and bad payloads.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { Cluster, until } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';

let cluster: Cluster;
let source: LiveSource;

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

const direct = () => ({ kind: 'direct', url: source.urls.ts });

describe('messages to a stream', () => {
  it('fails at once on an invalid input, naming key, value and what is allowed', async () => {
    const handle = await cluster.startStream({
      id: 'wrong',
      resolver: direct(),
      recovery: { quick_retries: -1 },
    });
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const cause = (failure as WorkflowFailedError).cause as Error & { type?: string };
    expect(cause.type).toBe('invalid_config');
    expect(cause.message).toMatch(/quick_retries.*-1.*0.*20/);
  });

  it.each([[undefined], [null], ['text'], [42], [[]], [{}], [{ id: '../..' }]])(
    'fails the workflow and not its task on the input %j',
    async (input) => {
      const workflowId = `stream/input-${(JSON.stringify(input) ?? 'undefined').replaceAll(/\W/g, '')}`;
      const handle = await cluster.client.workflow.start('stream', {
        workflowId,
        taskQueue: 'holdfast',
        args: input === undefined ? [] : [input],
      });
      const failure = (await handle.result().catch((error: unknown) => error)) as WorkflowFailedError;
      expect(failure.cause).toMatchObject({ type: 'invalid_config' });
    },
  );

  it('goes on after signals with payloads that make no sense', async () => {
    const handle = await cluster.startStream({ id: 'sturdy', resolver: direct() });
    await cluster.untilState('stream/sturdy', 'running');
    for (const payload of [null, 'x', 17, { runKey: 1 }, [], { at: {} }]) {
      await handle.signal('runStarted', payload);
      await handle.signal('resume', payload);
    }
    await handle.signal('noSuchSignal', { a: 1 });
    expect((await cluster.status('stream/sturdy')).state).toBe('running');
    await handle.signal('stop');
    await handle.result();
  });

  it('rejects a bad reconfigure and changes nothing', async () => {
    const handle = await cluster.startStream({ id: 'steady', resolver: direct() });
    await cluster.untilState('stream/steady', 'running');
    for (const bad of [
      null,
      {},
      { id: 'other', resolver: direct() },
      { id: 'steady', resolver: { kind: 'no' } },
    ]) {
      await expect(handle.executeUpdate('reconfigure', { args: [bad] })).rejects.toThrow(
        WorkflowUpdateFailedError,
      );
    }
    const status = await cluster.status('stream/steady');
    expect(status).toMatchObject({ state: 'running', config: { id: 'steady' } });
    expect(status.branches[0]?.run).toBe(1);
    await handle.signal('stop');
    await handle.result();
  });

  it('takes new recovery settings over without touching the recording, and a new segment length with a new run', async () => {
    const handle = await cluster.startStream({ id: 'changing', resolver: direct() });
    await cluster.untilState('stream/changing', 'running');
    const gentle = { id: 'changing', resolver: direct(), recovery: { quick_retries: 7 } };
    expect(await handle.executeUpdate('reconfigure', { args: [gentle] })).toEqual({ restarted: false });
    expect((await cluster.status('stream/changing')).branches[0]).toMatchObject({ run: 1, state: 'running' });
    const harder = { ...gentle, record: { segment: '5s' } };
    expect(await handle.executeUpdate('reconfigure', { args: [harder] })).toEqual({ restarted: true });
    await until(
      async () => (await cluster.status('stream/changing')).branches[0]?.run === 2,
      20_000,
      'the second run',
    );
    await cluster.untilState('stream/changing', 'running');
    await handle.signal('stop');
    await handle.result();
  });

  it('pauses and resumes, also when both come in one breath', async () => {
    const handle = await cluster.startStream({ id: 'resting', resolver: direct() });
    await cluster.untilState('stream/resting', 'running');
    await handle.signal('pause');
    await cluster.untilState('stream/resting', 'paused');
    await handle.signal('resume');
    await cluster.untilState('stream/resting', 'running');
    // One after the other, but without a look in between: of two requests at the same time either may come first.
    await handle.signal('pause');
    await handle.signal('resume');
    await cluster.untilState('stream/resting', 'running');
    expect((await cluster.status('stream/resting')).incidentCount).toBe(0);
    await handle.signal('stop');
    await handle.result();
  });

  it('retries at once from a wait when told to', async () => {
    const resolver = { kind: 'direct', url: `http://127.0.0.1:9/none` };
    const recovery = { quick_retries: 0, early_return: false };
    const handle = await cluster.startStream({ id: 'impatient', resolver, recovery });
    await until(
      async () => /waiting for the source/.test((await cluster.status('stream/impatient')).detail),
      30_000,
      'the wait',
    );
    await handle.signal('retry');
    await until(
      async () => (await cluster.status('stream/impatient')).branches[0]?.run === 2,
      10_000,
      'the second run',
    );
    await handle.signal('stop');
    await handle.result();
  });
});
