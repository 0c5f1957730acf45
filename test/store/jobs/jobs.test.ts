import { expect, it } from '@jest/globals';
import type { JobEvent, JobView } from '../../../core/jobs/index.js';
import { describeStores } from '../../support/stores.js';

const NOW_MS = Date.parse('2026-03-04T05:06:07.000Z');

function iso(afterMs: number): string {
  return new Date(NOW_MS + afterMs).toISOString();
}

function view(changes: Partial<JobView> = {}): JobView {
  return {
    id: 'job/clip-1',
    kind: 'clip',
    status: 'running',
    params: { recording: 'stream/alice' },
    createdAt: iso(0),
    startedAt: iso(100),
    endedAt: null,
    progress: null,
    artifacts: [],
    error: null,
    firstOffset: 1,
    lastOffset: 0,
    ...changes,
  };
}

function events(from: number, to: number): JobEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    offset: from + index,
    time: iso(index),
    body: { type: 'log', level: 'info', message: `line ${from + index}` },
  }));
}

const offsetsOf = (list: readonly JobEvent[]) => list.map(({ offset }) => offset);

describeStores('jobs in the store', (withStore) => {
  it('gives a job back as it was told, with the events after an offset', () =>
    withStore(async ({ jobs }) => {
      const artifact = {
        name: 'clip.mp4',
        mediaType: 'video/mp4',
        bytes: 12,
        createdAt: iso(1),
        host: 'studio-1',
      };
      const told = view({ artifacts: [artifact], lastOffset: 3 });
      await jobs.save(told, events(1, 3));
      expect(await jobs.read('job/clip-1', 0)).toEqual({ view: told, events: events(1, 3) });
      expect((await jobs.read('job/clip-1', 2))?.events).toEqual(events(1, 3).slice(2));
      expect((await jobs.read('job/clip-1', 3))?.events).toEqual([]);
      expect(await jobs.read('job/clip-2', 0)).toBeNull();
    }));

  it.each([2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    'gives no events, and the job all the same, after an offset as large as %d',
    (afterOffset) =>
      withStore(async ({ jobs }) => {
        await jobs.save(view({ lastOffset: 3 }), events(1, 3));
        expect(await jobs.read('job/clip-1', afterOffset)).toEqual({
          view: view({ lastOffset: 3 }),
          events: [],
        });
      }),
  );

  it('keeps each event once, however often it is told', () =>
    withStore(async ({ jobs }) => {
      await jobs.save(view({ lastOffset: 2 }), events(1, 2));
      await jobs.save(view({ lastOffset: 2 }), events(1, 2));
      await jobs.save(view({ lastOffset: 4 }), events(2, 4));
      expect(offsetsOf((await jobs.read('job/clip-1', 0))?.events ?? [])).toEqual([1, 2, 3, 4]);
    }));

  it('does not let an older state replace a newer one', () =>
    withStore(async ({ jobs }) => {
      await jobs.save(view({ status: 'completed', endedAt: iso(9), lastOffset: 5 }), events(1, 5));
      await jobs.save(view({ status: 'running', lastOffset: 3 }), events(1, 3));
      expect((await jobs.read('job/clip-1', 0))?.view.status).toBe('completed');
    }));

  it('drops the events that the workflow no longer keeps, and reads at most 500 at once', () =>
    withStore(async ({ jobs }) => {
      await jobs.save(view({ lastOffset: 900 }), events(1, 900));
      await jobs.save(view({ firstOffset: 101, lastOffset: 1_100 }), events(901, 1_100));
      const read = (await jobs.read('job/clip-1', 0))?.events ?? [];
      expect(offsetsOf(read)).toEqual(Array.from({ length: 500 }, (_, index) => 101 + index));
    }));

  it('lists the newest first, by kind and status', () =>
    withStore(async ({ jobs }) => {
      await jobs.save(view({ id: 'job/a', createdAt: iso(1) }), []);
      await jobs.save(view({ id: 'job/b', createdAt: iso(3), kind: 'digest', status: 'failed' }), []);
      await jobs.save(view({ id: 'job/c', createdAt: iso(2), status: 'failed' }), []);
      const idsOf = async (query = {}) => (await jobs.list(query)).map(({ id }) => id);
      expect(await idsOf()).toEqual(['job/b', 'job/c', 'job/a']);
      expect(await idsOf({ kind: 'clip' })).toEqual(['job/c', 'job/a']);
      expect(await idsOf({ status: 'failed' })).toEqual(['job/b', 'job/c']);
      expect(await idsOf({ limit: 1 })).toEqual(['job/b']);
    }));

  it('forgets what ended long ago, and nothing that is still at work', () =>
    withStore(async ({ jobs }) => {
      await jobs.save(
        view({ id: 'job/old', status: 'completed', endedAt: iso(-10), lastOffset: 1 }),
        events(1, 1),
      );
      await jobs.save(view({ id: 'job/new', status: 'completed', endedAt: iso(10) }), []);
      await jobs.save(view({ id: 'job/at-work', createdAt: iso(-1_000) }), []);
      expect(await jobs.deleteEnded(new Date(NOW_MS), 100)).toBe(1);
      expect(await jobs.deleteEnded(new Date(NOW_MS), 100)).toBe(0);
      expect((await jobs.list()).map(({ id }) => id).sort()).toEqual(['job/at-work', 'job/new']);
      expect(await jobs.read('job/old', 0)).toBeNull();
    }));

  it('keeps values for later steps until the job is cleaned', () =>
    withStore(async ({ jobs }) => {
      await jobs.saveValue('job/a', 'items', [1, 2]);
      await jobs.saveValue('job/a', 'items', { chosen: [3] });
      await jobs.saveValue('job/b', 'items', 'of another job');
      expect(await jobs.loadValue('job/a', 'items')).toEqual({ chosen: [3] });
      expect(await jobs.loadValue('job/a', 'other')).toBeUndefined();
      await jobs.deleteValues('job/a');
      expect(await jobs.loadValue('job/a', 'items')).toBeUndefined();
      expect(await jobs.loadValue('job/b', 'items')).toBe('of another job');
    }));
});
