/**
 * Goal: every call of the library does to a living workflow what it says. Method: a real server and a real worker with
 * tiny workflows that speak the same messages.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createHoldfast,
  type AppliedChange,
  type Holdfast,
  type InstanceView,
  type Snapshot,
} from '../../../client/index.js';
import { startTinyInstances, TINY_PROGRESS, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
let holdfast: Holdfast;

beforeAll(async () => {
  tiny = await startTinyInstances();
  holdfast = createHoldfast({ client: tiny.client });
});
afterAll(() => tiny?.close());

function stream(name: string, more: object = {}) {
  return { kind: 'stream', name, config: { id: name, ...more } };
}

async function eventually<Value>(
  read: () => Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const deadlineMs = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    if (holds(value) || Date.now() > deadlineMs) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function actions(changes: readonly AppliedChange[]): Record<string, string> {
  return Object.fromEntries(changes.map(({ id, action, error }) => [id, error ?? action]));
}

async function startAndSettle(name: string, more: object = {}): Promise<InstanceView> {
  await holdfast.apply([stream(name, more)]);
  return eventually(
    () => holdfast.show(`stream/${name}`),
    (view) => view.state === 'running',
  );
}

describe('apply', () => {
  it('starts what is listed, and a second time changes nothing', async () => {
    const desired = [stream('apply-one'), stream('apply-two', { host: 'studio-1' })];
    expect(actions(await holdfast.apply(desired))).toMatchObject({
      'stream/apply-one': 'start',
      'stream/apply-two': 'start',
    });
    await eventually(
      () => holdfast.list(),
      (list) => list.filter(({ open }) => open).length >= 2,
    );
    expect(actions(await holdfast.apply(desired))).toMatchObject({
      'stream/apply-one': 'unchanged',
      'stream/apply-two': 'unchanged',
    });
  });

  it('reconfigures what has changed and reports a rejected config without harm to the others', async () => {
    await startAndSettle('apply-change');
    await startAndSettle('apply-reject');
    const changes = await holdfast.apply([
      stream('apply-change', { host: 'studio-2' }),
      stream('apply-reject', { host: 'forbidden' }),
    ]);
    expect(actions(changes)).toMatchObject({
      'stream/apply-change': 'reconfigure',
      'stream/apply-reject': 'host: "forbidden" is not allowed',
    });
    const changed = await holdfast.show('stream/apply-change');
    expect(changed.status?.config).toEqual({ id: 'apply-change', host: 'studio-2' });
    expect((await holdfast.show('stream/apply-reject')).state).toBe('running');
  });

  it('does nothing in a dry run, leaves what is absent, and stops it with prune', async () => {
    await startAndSettle('apply-absent');
    const dry = await holdfast.apply([stream('apply-never')], { prune: true, dryRun: true });
    expect(actions(dry)).toMatchObject({ 'stream/apply-never': 'start', 'stream/apply-absent': 'stop' });
    expect((await holdfast.show('stream/apply-absent')).state).toBe('running');
    expect((await holdfast.list()).some(({ id }) => id === 'stream/apply-never')).toBe(false);
    const kept = await holdfast.apply([]);
    expect(actions(kept)).toMatchObject({ 'stream/apply-absent': 'left' });
    const others = (await holdfast.list()).filter(({ open, id }) => open && id !== 'stream/apply-absent');
    const listed = await Promise.all(
      others.map(async ({ id, kind, name }) => ({
        kind,
        name,
        config: (await holdfast.show(id)).status?.config,
      })),
    );
    expect(actions(await holdfast.apply(listed, { prune: true }))).toMatchObject({
      'stream/apply-absent': 'stop',
    });
    const ended = await eventually(
      () => holdfast.show('stream/apply-absent'),
      (view) => !view.open,
    );
    expect(ended.state).toBe('stopped');
  });

  it('starts again what was stopped, except when asked to go on where it was', async () => {
    await startAndSettle('apply-again');
    await holdfast.stop('stream/apply-again', { wait: true });
    const closed = (list: readonly { id: string; open: boolean }[]) =>
      list.some(({ id, open }) => id === 'stream/apply-again' && !open);
    await eventually(() => holdfast.list(), closed);
    const on = await holdfast.apply([stream('apply-again')], { startStopped: false });
    expect(actions(on)['stream/apply-again']).toBe('stays_stopped');
    const changed = await holdfast.apply([stream('apply-again', { host: 'h' })], {
      startStopped: false,
      dryRun: true,
    });
    expect(actions(changed)['stream/apply-again']).toBe('start');
    expect(actions(await holdfast.apply([stream('apply-again')]))['stream/apply-again']).toBe('start');
  });
});

describe('one instance', () => {
  it('is shown with its branches and the live figures of the host', async () => {
    await startAndSettle('shown', { host: 'studio-7' });
    const view = await eventually(
      () => holdfast.show('shown'),
      ({ branches }) => branches.some(({ live }) => live !== null),
    );
    expect(view).toMatchObject({ id: 'stream/shown', kind: 'stream', state: 'running', host: 'studio-7' });
    expect(view.branches[0]).toMatchObject({ name: 'recording', run: 1 });
    expect(view.branches[0]?.live?.progress).toEqual(TINY_PROGRESS);
  });

  it('is paused, resumed and retried, and each answer tells the state that follows', async () => {
    await startAndSettle('steered');
    expect(await holdfast.pause('steered')).toMatchObject({ id: 'stream/steered', state: 'paused' });
    expect(await holdfast.resume('steered')).toMatchObject({ state: 'running' });
    expect(await holdfast.retry('steered')).toMatchObject({ state: 'running', startedAgain: false });
    expect((await holdfast.show('steered')).status?.incidents[0]).toMatchObject({
      cause: 'network_disconnect',
    });
  });

  it('is stopped, waited for and stopped again without an error', async () => {
    await startAndSettle('stopped');
    const stopped = await holdfast.stop('stream/stopped', { wait: true });
    expect(stopped).toMatchObject({
      state: 'stopped',
      summary: { id: 'stream/stopped', runs: 1 },
      alreadyStopped: false,
    });
    expect(await holdfast.stop('stream/stopped')).toMatchObject({ alreadyStopped: true, state: 'stopped' });
    await expect(holdfast.pause('stream/stopped')).rejects.toMatchObject({ code: 'not_running' });
  });

  it('is started again with its last config when it is retried after its end', async () => {
    await startAndSettle('revived');
    await holdfast.apply([stream('revived', { host: 'studio-9' })]);
    await holdfast.stop('stream/revived', { wait: true });
    expect(await holdfast.retry('stream/revived')).toMatchObject({ startedAgain: true, state: 'running' });
    expect((await holdfast.show('stream/revived')).status?.config).toEqual({
      id: 'revived',
      host: 'studio-9',
    });
  });

  it('tells cause and message when its workflow has failed', async () => {
    await holdfast.apply([stream('failed', { fail: 'device_not_found' })]);
    const view = await eventually(
      () => holdfast.show('stream/failed'),
      ({ open }) => !open,
    );
    expect(view.state).toBe('error');
    expect(view.failure).toEqual({
      cause: 'device_not_found',
      message: 'The capture device does not exist.',
    });
  });
});

describe('names', () => {
  it('are found bare where they are unique, and both candidates are named where not', async () => {
    await holdfast.apply([stream('twin'), { kind: 'capture', name: 'twin', config: { id: 'twin' } }]);
    await eventually(
      () => holdfast.list(),
      (list) => list.filter(({ name }) => name === 'twin').length === 2,
    );
    await expect(holdfast.show('twin')).rejects.toMatchObject({
      code: 'ambiguous_instance',
      message: '"twin" could be capture/twin or stream/twin; give the whole id',
    });
  });

  it('that do not exist are answered with those that are near', async () => {
    await startAndSettle('camera-north');
    await expect(holdfast.show('camera-nroth')).rejects.toThrow('did you mean stream/camera-north?');
    await expect(holdfast.show('stream/camera-noth')).rejects.toThrow('did you mean stream/camera-north?');
    await expect(holdfast.show("x' OR '1'='1")).rejects.toMatchObject({ code: 'unknown_instance' });
  });
});

describe('without a worker', () => {
  it('the server’s knowledge is shown with the reason, messages are kept, and the list is quick', async () => {
    await startAndSettle('orphan');
    await eventually(
      () => holdfast.list(),
      (list) => list.some(({ id, state }) => id === 'stream/orphan' && state === 'running'),
    );
    await tiny.stopWorker();
    try {
      const startedMs = Date.now();
      const listed = await holdfast.listDetailed();
      expect(Date.now() - startedMs).toBeLessThan(8_000);
      expect(listed.find(({ id }) => id === 'stream/orphan')).toMatchObject({
        state: 'running',
        statusProblem: 'no worker answers',
      });
      expect(await holdfast.show('stream/orphan')).toMatchObject({
        status: null,
        statusProblem: 'no worker answers',
      });
      expect(await holdfast.stop('stream/orphan')).toMatchObject({ state: null });
      const changes = await holdfast.apply([stream('orphan')]);
      expect(actions(changes)['stream/orphan']).toBe('cannot compare: no worker answers');
    } finally {
      await tiny.startWorker();
    }
    const ended = await eventually(
      () => holdfast.show('stream/orphan'),
      ({ open }) => !open,
    );
    expect(ended.state).toBe('stopped');
  });
});

describe('watch', () => {
  it('yields snapshots that follow the state, and ends when it is aborted', async () => {
    await startAndSettle('watched');
    const abort = new AbortController();
    const seen: Snapshot[] = [];
    for await (const snapshot of holdfast.watch({
      id: 'stream/watched',
      intervalMs: 100,
      signal: abort.signal,
    })) {
      seen.push(snapshot);
      if (seen.length === 1) await holdfast.pause('stream/watched');
      if (snapshot.instances[0]?.state === 'paused' || seen.length > 200) abort.abort();
    }
    expect(seen[0]?.instances[0]?.state).toBe('running');
    expect(seen.at(-1)?.instances[0]?.state).toBe('paused');
  });
});
