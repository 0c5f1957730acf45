/**
 * Goal: one activity fetches, reads and keeps, in one attempt of a cycle, whatever the source does; what another attempt may mend is left
 * to it, and nothing is made twice.
 * Method: real servers, real databases; the attempts are asked for as Temporal would.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CLOSED } from '../../../core/breaker/index.js';
import { NEW_SOURCE } from '../../../core/source-cycle/index.js';
import { sourceHealth } from '../../../core/source-health/index.js';
import type { Store } from '../../../store/index.js';
import { FeedServer } from '../../support/feed-server.js';
import { startHostileServer, type HostileServer } from '../../support/hostile-server/index.js';
import { describeStores } from '../../support/stores.js';
import { cycleOf, failureOf, fetcherOf } from './support.js';

let feeds: FeedServer;
let hostile: HostileServer;

beforeAll(async () => {
  [feeds, hostile] = await Promise.all([FeedServer.start(), startHostileServer()]);
});
afterAll(() => Promise.all([feeds.close(), hostile.close()]));

let named = 0;
/** A feed of its own for each test. */
function newFeed(): { readonly id: string; readonly url: string } {
  const id = `feed-${++named}`;
  return { id, url: feeds.url(id) };
}

async function guids(store: Store, source: string): Promise<(string | null)[]> {
  const items = await store.sources.listItems({ source, limit: 100, oldestFirst: true });
  return items.map(({ guid }) => guid);
}

async function lastCycle(store: Store, source: string) {
  const [facts] = await store.sources.readSources([source]);
  return { status: facts?.status, cycle: facts?.recent[0] };
}

describeStores('a cycle', (withStore) => {
  it('keeps what is new, and asks the next time whether anything has changed', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      const deps = fetcherOf(store);
      const first = await cycleOf(deps, source);
      expect(first).toMatchObject({ outcome: 'fetched', items: 1, newItems: 1, memory: { breaker: CLOSED } });
      const second = await cycleOf(deps, source, { memory: first.memory });
      expect(second).toMatchObject({ outcome: 'not_modified', items: 0, newItems: 0 });
      feeds.feed(source.id).items.push('later');
      expect(await cycleOf(deps, source)).toMatchObject({ outcome: 'fetched', items: 2, newItems: 1 });
      expect(await guids(store, source.id)).toEqual([`${source.id}-1`, 'later']);
      const asked = feeds.requestsOf(source.id).map(({ headers }) => headers['if-none-match']);
      expect(asked).toEqual([undefined, '"1"', '"1"']);
      expect(feeds.requestsOf(source.id).map(({ headers }) => headers.connection)).toEqual(
        Array(3).fill('close'),
      );
    });
  });

  it('asks for everything again when the source is read in another way', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      const deps = fetcherOf(store);
      await cycleOf(deps, source);
      await cycleOf(deps, { ...source, dedup: 'content' });
      expect(feeds.requestsOf(source.id).map(({ headers }) => headers['if-none-match'])).toEqual([
        undefined,
        undefined,
      ]);
    });
  });

  it('leaves a failure to the next attempt and stores it with the last one', async () => {
    await withStore(async (store) => {
      const source = { id: 'reset', url: hostile.url('reset-mid-headers') };
      const deps = fetcherOf(store);
      const first = await failureOf(cycleOf(deps, source, { attempt: 1 }));
      expect(first).toMatchObject({ cause: 'network_disconnect', isFinal: false, memory: null });
      expect(await lastCycle(store, source.id)).toEqual({ status: undefined, cycle: undefined });
      const last = await failureOf(cycleOf(deps, source, { attempt: 3 }));
      expect(last).toMatchObject({ isFinal: true, memory: { breaker: { state: 'closed', failures: 1 } } });
      const { cycle, status } = await lastCycle(store, source.id);
      expect(cycle).toMatchObject({ outcome: 'failed', cause: 'network_disconnect', attempts: 3 });
      expect(status?.breaker).toEqual({ state: 'closed', failures: 1 });
    });
  });

  it.each([
    { kind: 'html', cause: 'parse_error' },
    { kind: 'redirect-circle', cause: 'invalid_url' },
    { kind: 'bomb', cause: 'too_large' },
    { kind: 'challenge', cause: 'blocked' },
  ] as const)('does not try $kind again within the cycle: $cause', async ({ kind, cause }) => {
    await withStore(async (store) => {
      const failed = await failureOf(cycleOf(fetcherOf(store), { id: kind, url: hostile.url(kind) }));
      expect(failed).toMatchObject({ cause, isFinal: true });
      expect((await lastCycle(store, kind)).cycle).toMatchObject({ outcome: 'failed', cause, attempts: 1 });
    });
  });

  it('opens the breaker with the failed cycle that was one too many, in the store as in the result', async () => {
    await withStore(async (store) => {
      const source = { id: 'third', url: hostile.url('status', '404') };
      const memory = { ...NEW_SOURCE, breaker: { state: 'closed', failures: 2 } } as const;
      const failed = await failureOf(cycleOf(fetcherOf(store), source, { memory }));
      expect(failed.memory?.breaker).toMatchObject({ state: 'open', failures: 3, openCount: 1 });
      expect((await lastCycle(store, 'third')).status?.breaker).toEqual(failed.memory?.breaker);
    });
  });

  it('takes a wish to be left alone for no failure', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      feeds.feed(source.id).mode = 'away';
      const beganMs = Date.now();
      const deferred = await cycleOf(fetcherOf(store), source);
      expect(deferred).toMatchObject({ outcome: 'deferred', memory: { breaker: CLOSED } });
      expect((deferred.memory.deferredUntilMs ?? 0) - beganMs).toBeGreaterThanOrEqual(119_000);
    });
  });

  it('does not make a cycle twice whose worker was lost after storing it', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      const deps = fetcherOf(store);
      const first = await cycleOf(deps, source, { id: 'the-same' });
      const again = await cycleOf(deps, source, { id: 'the-same', attempt: 2 });
      expect(again).toEqual(first);
      expect(feeds.requestsOf(source.id)).toHaveLength(1);
      const broken = { id: 'gone', url: hostile.url('status', '410') };
      const failed = await failureOf(cycleOf(deps, broken, { id: 'lost' }));
      expect(await failureOf(cycleOf(deps, broken, { id: 'lost', attempt: 2 }))).toEqual(failed);
    });
  });

  it('stores nothing when it is cancelled', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      feeds.feed(source.id).mode = 'held';
      const cancelling = new AbortController();
      const cycle = cycleOf(fetcherOf(store), source, { signal: cancelling.signal });
      setTimeout(() => cancelling.abort(new Error('cancelled')), 300);
      await expect(cycle).rejects.toThrow('cancelled');
      expect(await store.sources.readSources([source.id])).toEqual([]);
    });
  });

  it('keeps secrets out of the store', async () => {
    await withStore(async (store) => {
      const env = { FEED_KEY: 'very-secret-key' };
      const url = `${hostile.url('redirect')}?key=\${env:FEED_KEY}&to=ftp://very-secret-key/`;
      const failed = await failureOf(cycleOf(fetcherOf(store, { env }), { id: 'secret', url }));
      const missing = await failureOf(cycleOf(fetcherOf(store), { id: 'missing', url }));
      expect(missing.message).toContain('FEED_KEY');
      const raw = { id: 'raw', url: `${hostile.url('good')}?key=\${env:FEED_KEY}`, parse: { kind: 'raw' } };
      await cycleOf(fetcherOf(store, { env }), { ...raw, robots: 'ignore' });
      const [item] = await store.sources.listItems({ source: 'raw', limit: 1 });
      expect(item?.link).toContain('key=');
      const kept = JSON.stringify([failed, item, await store.sources.readSources()]);
      expect(kept).not.toContain('very-secret-key');
    });
  });

  it('keeps the items of a document that ends too soon, but asks for all of it again', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      const deps = fetcherOf(store);
      feeds.feed(source.id).mode = 'cut';
      const cut = await cycleOf(deps, source);
      expect(cut).toMatchObject({ outcome: 'fetched', newItems: 1 });
      expect(cut.detail).toContain('ends too soon');
      feeds.feed(source.id).mode = 'good';
      await cycleOf(deps, source);
      expect(feeds.requestsOf(source.id)[1]?.headers).not.toHaveProperty('if-none-match');
    });
  });

  it('says that a site without validators is asked too often, and goes on as before', async () => {
    await withStore(async (store) => {
      const deps = fetcherOf(store);
      const page = { url: hostile.url('html'), parse: { kind: 'html', item: 'body' }, robots: 'ignore' };
      const remark = 'no validators, so each fetch takes the whole document: every: 15m or more is kind';
      const often = await cycleOf(deps, { id: 'often', ...page, every: '14m' });
      expect(often).toMatchObject({ outcome: 'fetched', detail: remark, memory: { breaker: CLOSED } });
      const again = await cycleOf(deps, { id: 'often', ...page, every: '14m' }, { memory: often.memory });
      expect(again).toMatchObject({ outcome: 'fetched', newItems: 0, changedItems: 0 });
      const [facts] = await store.sources.readSources(['often']);
      expect(sourceHealth(facts as NonNullable<typeof facts>, Date.now())).toMatchObject({
        state: 'up',
        errors: [],
        remark,
      });
      expect(await store.listNotifications({ limit: 10 })).toEqual([]);
      const seldom = await cycleOf(deps, { id: 'seldom', ...page, every: '15m' });
      const own = await cycleOf(deps, { id: 'own', ...page, every: '5s', allow_fast: true });
      const validated = await cycleOf(deps, newFeed());
      expect([seldom.detail, own.detail, validated.detail]).toEqual([null, null, null]);
    });
  });

  it('tells the site whom it can turn to', async () => {
    await withStore(async (store) => {
      const source = newFeed();
      await cycleOf(fetcherOf(store, { contact: 'https://example.org/about' }), source);
      expect(feeds.requestsOf(source.id)[0]?.headers['user-agent']).toBe(
        'holdfast/0.0.0 (+https://example.org/about)',
      );
    });
  });
});
