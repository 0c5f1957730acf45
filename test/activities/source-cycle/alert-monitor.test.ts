/**
 * Goal: alerts of sources become as few messages as possible, and none is lost or sent twice, whoever dies.
 * Method: cycles that fail leave alerts in real databases; the grouping is asked for at instants of the test's own.
 */
import { expect, it } from '@jest/globals';
import { step } from '../../../activities/source-cycle/alert-monitor.js';
import {
  UNTRIED,
  UNWATCHED,
  type SourceAlert,
  type SourceStatus,
} from '../../../core/source-health/index.js';
import type { Store } from '../../../store/index.js';
import { cycleInput } from '../../support/cycles.js';
import { describeStores } from '../../support/stores.js';

const DOWN: SourceStatus = { ...UNTRIED, watch: { ...UNWATCHED, confirmed: 'down', failures: 3 } };
const UP: SourceStatus = { ...UNTRIED, watch: { ...UNWATCHED, confirmed: 'up', successes: 1 } };

let count = 0;

/** A cycle with which a source goes down or comes up, or which changes nothing. */
async function cycleOf(store: Store, source: string, change: 'down' | 'up' | null): Promise<void> {
  const facts = { source, atMs: 0 };
  const alerts: Readonly<Record<'down' | 'up', SourceAlert>> = {
    down: { ...facts, kind: 'down', failures: 3, cause: 'timeout', detail: 'no answer' },
    up: { ...facts, kind: 'up', downForMs: 60_000 },
  };
  const judged = { status: change === 'down' ? DOWN : UP, alerts: change === null ? [] : [alerts[change]] };
  await store.sources.storeCycle({
    ...cycleInput(`cycle-${++count}`, { cycle: { source } }),
    judge: () => judged,
  });
}

/** Groups as a monitor does, at an instant; what was recorded so far, in short. */
async function groupAt(store: Store, second: number): Promise<string[]> {
  await store.sources.groupAlerts((before, facts) => step(before, facts, second * 1_000));
  const recorded = await store.listNotifications({ limit: 100 });
  return recorded.map(({ event, instance, message }) => `${event} ${instance}: ${message}`);
}

describeStores('alerts about sources', (withStore) => {
  it('that come within 30 s are one message, and one that is alone names its source', async () => {
    await withStore(async (store) => {
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await cycleOf(store, name, null);
      await cycleOf(store, 'a', 'down');
      expect(await groupAt(store, 0)).toEqual([]);
      await cycleOf(store, 'b', 'down');
      expect(await groupAt(store, 20)).toEqual([]);
      const two = 'source_down source/*: 2 sources are down: a, b';
      expect(await groupAt(store, 30)).toEqual([two]);
      expect(await groupAt(store, 40)).toEqual([two]);
      await cycleOf(store, 'c', 'down');
      await groupAt(store, 50);
      const one = 'source_down source/c: Source c is down after 3 failed cycles: timeout';
      expect(await groupAt(store, 80)).toEqual([two, one]);
    });
  });

  it('about more than half of the sources are one message for all of them, and one when that is over', async () => {
    await withStore(async (store) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await cycleOf(store, name, null);
      for (const name of ['a', 'b', 'c']) await cycleOf(store, name, 'down');
      await groupAt(store, 0);
      const down = 'sources_down source/*: 3 of 5 sources are down';
      expect(await groupAt(store, 30)).toEqual([down]);
      await cycleOf(store, 'd', 'down');
      await groupAt(store, 60);
      expect(await groupAt(store, 90)).toEqual([down]);
      for (const name of ['a', 'b', 'c', 'd']) await cycleOf(store, name, 'up');
      await groupAt(store, 100);
      const up = 'sources_up source/*: Most of the 5 sources are up again, all are up';
      expect(await groupAt(store, 130)).toEqual([down, up]);
    });
  });

  it('do not count sources that are paused or stopped', async () => {
    await withStore(async (store) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await cycleOf(store, name, 'down');
      await store.sources.saveStatus('a', { ...DOWN, paused: true });
      await store.sources.saveStatus('b', { ...DOWN, stopped: true });
      await groupAt(store, 0);
      expect(await groupAt(store, 30)).toEqual(['sources_down source/*: 3 of 3 sources are down']);
    });
  });

  it('are sent once by any number of monitors at the same time', async () => {
    await withStore(async (store) => {
      await cycleOf(store, 'a', null);
      await cycleOf(store, 'a', 'down');
      await Promise.all([1, 2, 3, 4].map(() => groupAt(store, 0)));
      await Promise.all([1, 2, 3, 4].map((monitor) => groupAt(store, 30 + monitor)));
      expect(await groupAt(store, 60)).toEqual([
        'source_down source/a: Source a is down after 3 failed cycles: timeout',
      ]);
      expect(await store.sources.groupAlerts((before, facts) => step(before, facts, 90_000))).toBe(false);
    });
  });

  it('are left by a cycle that is stored again only once', async () => {
    await withStore(async (store) => {
      count += 1;
      const alerts = [{ source: 'a', atMs: 0, kind: 'silence_over' } as const];
      const input = { ...cycleInput(`cycle-${count}`), judge: () => ({ status: UP, alerts }) };
      await store.sources.storeCycle(input);
      expect(await store.sources.storeCycle(input)).toMatchObject({ repeated: true });
      const seen: number[] = [];
      await store.sources.groupAlerts((before, facts) => {
        seen.push(facts.alerts.length);
        return step(before, facts, 0);
      });
      expect(seen).toEqual([1]);
    });
  });
});
