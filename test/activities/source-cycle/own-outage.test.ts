/**
 * Goal: while we are offline ourselves no source is blamed, nobody is asked in vain, and one notice says so when it begins and when it ends.
 * Method: sources whose connections are reset, and a canary that answers or refuses; real databases, two fetchers on one store.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CycleDeps } from '../../../activities/source-cycle/index.js';
import { CLOSED } from '../../../core/breaker/index.js';
import type { CycleResult } from '../../../core/source-cycle/index.js';
import type { Store } from '../../../store/index.js';
import { FeedServer, type FeedMode } from '../../support/feed-server.js';
import { describeStores } from '../../support/stores.js';
import { cycleOf, failureOf, fetcherOf } from './support.js';

let feeds: FeedServer;
beforeAll(async () => {
  feeds = await FeedServer.start();
});
afterAll(() => feeds.close());

let named = 0;
function newFeeds(count: number): { readonly id: string; readonly url: string }[] {
  return Array.from({ length: count }, () => {
    const id = `feed-${++named}`;
    return { id, url: feeds.url(id) };
  });
}

/** Whatever is asked of the network ends like this from now on. */
function setAll(sources: readonly { readonly id: string }[], mode: FeedMode): void {
  for (const { id } of sources) feeds.feed(id).mode = mode;
}

/** A cycle of each source at the same time, all in their last attempt. */
async function cycleAll(
  deps: CycleDeps,
  sources: readonly { readonly id: string; readonly url: string }[],
): Promise<(CycleResult | string)[]> {
  const cycles = sources.map((source) =>
    cycleOf(deps, source, { attempt: 3 }).catch((error: { type: string }) => error.type),
  );
  return await Promise.all(cycles);
}

async function notices(store: Store): Promise<string[]> {
  return (await store.listNotifications({ limit: 100 })).map(({ event, instance }) => `${event} ${instance}`);
}

/** A canary on a port that stays the same while it comes and goes. */
class Canary {
  #server: Server | null = null;
  port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async come(): Promise<void> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async go(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

/** What a canary has said is not asked for again within 5 s. */
const CANARY_ASKED_AGAIN_MS = 5_500;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describeStores('our own outage', (withStore) => {
  it('is told by a canary: cycles are skipped, breakers stay closed, and one notice says so', async () => {
    await withStore(async (store) => {
      const canary = new Canary();
      await canary.come();
      const sources = newFeeds(4);
      const fetchers = [0, 1].map(() => fetcherOf(store, { canaries: [canary.url] }));
      const [one, other] = fetchers as [CycleDeps, CycleDeps];
      setAll(sources, 'reset');
      // The canary answers: the sources are to blame.
      const blamed = await failureOf(cycleOf(one, sources[0] as (typeof sources)[0], { attempt: 3 }));
      expect(blamed.memory?.breaker).toMatchObject({ failures: 1 });
      await canary.go();
      await sleep(CANARY_ASKED_AGAIN_MS);
      const skipped = [...(await cycleAll(one, sources)), ...(await cycleAll(other, sources))];
      expect(skipped).toEqual(
        skipped.map(() =>
          expect.objectContaining({
            outcome: 'skipped',
            memory: expect.objectContaining({ breaker: CLOSED }),
          }),
        ),
      );
      const asked = feeds.requests.length;
      await cycleAll(one, sources);
      expect(feeds.requests.length).toBe(asked);
      expect(await notices(store)).toEqual(['offline source/*']);
      await canary.come();
      setAll(sources, 'good');
      await sleep(CANARY_ASKED_AGAIN_MS);
      const back = [...(await cycleAll(one, sources)), ...(await cycleAll(other, sources))];
      expect(back).toEqual(
        back.map(() => expect.objectContaining({ memory: expect.objectContaining({ breaker: CLOSED }) })),
      );
      expect(back.map((result) => (typeof result === 'string' ? result : result.outcome))).not.toContain(
        'skipped',
      );
      expect(await notices(store)).toEqual(['offline source/*', 'online source/*']);
      await canary.go();
    });
  }, 60_000);

  it('is told by the sources themselves where there is no canary', async () => {
    await withStore(async (store) => {
      const sources = newFeeds(5);
      const deps = fetcherOf(store);
      const first = await cycleAll(deps, sources);
      expect(first).toEqual(first.map(() => expect.objectContaining({ outcome: 'fetched' })));
      setAll(sources, 'reset');
      // The first attempts show how many are gone; the cycles end with the last ones.
      await Promise.all(sources.map((source) => failureOf(cycleOf(deps, source, { attempt: 1 }))));
      const gone = await cycleAll(deps, sources);
      expect(gone).toEqual(gone.map(() => expect.objectContaining({ outcome: 'skipped' })));
      // Another fetcher, which was not there when it began.
      const later = await cycleAll(fetcherOf(store), sources);
      expect(later).toEqual(later.map(() => expect.objectContaining({ outcome: 'skipped' })));
      expect(await notices(store)).toEqual(['offline source/*']);
      setAll(sources, 'good');
      await cycleAll(deps, sources);
      expect(await notices(store)).toEqual(['offline source/*', 'online source/*']);
    });
  });

  it('is no excuse for one source among others', async () => {
    await withStore(async (store) => {
      const sources = newFeeds(5);
      const deps = fetcherOf(store);
      await cycleAll(deps, sources);
      setAll(sources.slice(0, 2), 'reset');
      const results = await cycleAll(deps, sources);
      expect(results.slice(0, 2)).toEqual(['network_disconnect', 'network_disconnect']);
      expect(await notices(store)).toEqual([]);
    });
  });
});
