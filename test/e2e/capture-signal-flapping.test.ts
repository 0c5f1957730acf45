// Goal: a signal that flaps, and a wait that never ends, leave one process, one state, few words and a short history. Method:
// the file of the probe is flipped and messages are sent a hundred times in a minute; thousands of messages fill a history.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until } from '../support/cluster.js';
import { SIGNAL_BACK, SIGNAL_LOST, SignalledCapture } from '../support/signalled-capture.js';

const FLIPS = 100;
const PERIOD_MS = 600;
const EVENTS_MAX = 4_096;
/** From this length on a new history is begun. */
const EVENTS_BEFORE_NEW = 3_501;
const MESSAGES_AT_ONCE = 25;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
}, 60_000);

/** Programs of the ingest that encode; the wrapper of custody is none. */
async function expectOneIngest(capture: SignalledCapture): Promise<void> {
  const { branches } = await cluster.status(capture.id);
  const ingest = branches.find(({ name }) => name === 'ingest');
  const pids = await capture.processes('ingest');
  expect(pids.length).toBeGreaterThan(0);
  expect(await capture.processes(`ingest/${ingest?.run}`)).toEqual(pids);
}

async function eventsOf(capture: SignalledCapture): Promise<number> {
  const { historyLength } = await cluster.client.workflow.getHandle(capture.id).describe();
  return historyLength;
}

describe('a signal that flaps 100 times in a minute', () => {
  it('leaves one process, one state, at most three words and a short history', async () => {
    const probed = await SignalledCapture.start(cluster, 'probed', {
      probe: { debounce: '500ms', stable: '500ms' },
    });
    const steady = await SignalledCapture.start(cluster, 'steady');
    const messaged = await SignalledCapture.start(cluster, 'messaged', { probe: { kind: 'none' } });
    const captures = [probed, steady, messaged];
    await Promise.all(captures.map((capture) => capture.untilAllRun()));
    const begunAtMs = Date.now();
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const isLost = flip % 2 === 0;
      const word = isLost ? 'no-link' : 'locked';
      await Promise.all([
        probed.setSignal(word),
        steady.setSignal(word),
        messaged.handle.signal(isLost ? 'hdmiLost' : 'hdmiRestored'),
      ]);
      await sleep(Math.max(0, begunAtMs + (flip + 1) * PERIOD_MS - Date.now()));
    }
    for (const capture of captures) {
      await capture.untilAllRun();
      await expectOneIngest(capture);
      expect(await eventsOf(capture)).toBeLessThan(EVENTS_MAX);
    }
    // Longer than the time after which a signal counts as settled.
    await sleep(11_000);
    for (const capture of [probed, messaged]) {
      const told = await capture.told();
      expect([[], [SIGNAL_LOST, SIGNAL_BACK]]).toContainEqual(told);
      expect((await cluster.status(capture.id)).retries).toBe(0);
    }
    expect((await messaged.told()).length).toBe(2);
    // Neither answer of the probe ever lasted as long as its debounce.
    expect(await steady.told()).toEqual([]);
    expect((await cluster.status(steady.id)).branches.map(({ run }) => run)).toEqual([1, 1]);

    await messaged.handle.signal('hdmiLost');
    await messaged.untilState('waiting_signal');
    await messaged.untilNoProcess(10_000);
    expect((await messaged.untilTold(3)).at(-1)).toBe(SIGNAL_LOST);
    for (const capture of captures) await capture.stop();
  }, 200_000);
});

describe('a history that grows long while the signal is waited for', () => {
  it('is begun anew with the same state, and what was asked for meanwhile still holds', async () => {
    const capture = await SignalledCapture.start(cluster, 'long', { recovery: { restart_on_signal: false } });
    await capture.untilAllRun();
    await capture.setSignal('no-link');
    await capture.untilState('waiting_signal');
    await capture.untilNoProcess(10_000);
    await capture.handle.signal('resume');
    const before = await cluster.status(capture.id);
    const latest = cluster.client.workflow.getHandle(capture.id);
    const first = (await latest.describe()).runId;
    while ((await eventsOf(capture)) < EVENTS_BEFORE_NEW && (await latest.describe()).runId === first) {
      await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, () => latest.signal('hdmiLost')));
    }
    await until(async () => (await latest.describe()).runId !== first, 30_000, 'a new history');
    const status = await capture.untilState('waiting_signal');
    expect(status).toMatchObject({ since: before.since, incidentCount: before.incidentCount });
    expect(status.branches.map(({ state, run }) => [state, run])).toEqual([
      ['waiting_signal', 1],
      ['waiting_signal', 1],
    ]);
    expect(status.detail).toMatch(/^waiting for the HDMI signal, /);
    expect(await capture.told()).toEqual([SIGNAL_LOST]);

    await capture.setSignal('locked');
    const back = await capture.untilAllRun();
    expect(back.branches.map(({ run }) => run)).toEqual([2, 2]);
    await until(async () => (await capture.told()).length > 1, 10_000, 'the return to be told');
    expect(await capture.told()).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    expect(await capture.stop()).toMatchObject({ state: 'stopped' });
  }, 150_000);
});
