/**
 * Goal: a worker that is killed while it stores a cycle loses no item and brings none twice, whatever it was doing.
 * Method: a process of its own kills itself with SIGKILL after the first, second, ... last statement, and after the commit; then the
 * cycle is stored again, as the next attempt of its activity would.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { CycleInput, Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { describeStores } from '../../support/stores.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = join(ROOT, 'test', 'fixtures', 'store-cycle.mjs');
const FEED = 'https://example.org/feed.xml';
/** More than a cycle has. */
const STATEMENTS_MAX = 40;
/** Some twenty processes, one after another, on a machine that others use too. */
const PATIENCE_MS = 240_000;

/** Stores a cycle in a process that dies; true when it had come to its end. */
async function storeAndDie(url: string, statements: number, input: CycleInput): Promise<boolean> {
  const args = [PROGRAM, join(ROOT, 'dist'), url, String(statements), JSON.stringify(input)];
  return await promisify(execFile)(process.execPath, args).then(
    () => Promise.reject(new Error('the process should have died')),
    (death: { signal: string; stdout: string; stderr: string }) => {
      expect({ signal: death.signal, stderr: death.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
      return death.stdout === 'stored\n';
    },
  );
}

const BEGAN_MS = Date.now();

/** A cycle with an item that is new, one that has changed, one that has gone, and one announcement. */
function nthCycle(count: number): CycleInput {
  const titled = (title: string) => namedItem('changing', { title });
  return cycleInput(`cycle-${count}`, {
    items: [namedItem(`new-${count}`), titled(`Version ${count}`), namedItem('steady')],
    announce: [{ sink: 'chat', template: '{title}', every: 0, initial: 10 }],
    validators: { etag: `"${count}"`, lastModified: null },
    cycle: { startedAt: new Date(BEGAN_MS + count).toISOString() },
  });
}

async function newItems(store: Store): Promise<string[]> {
  const items = await store.sources.listItems({ limit: 1_000, oldestFirst: true });
  return items.map(({ guid }) => guid ?? '').filter((guid) => guid.startsWith('guid-new-'));
}

describeStores('a worker killed while it stores a cycle', (withStore) => {
  it(
    'loses no item and brings none twice, at every statement',
    async () => {
      await withStore(async (store, url) => {
        await store.sources.storeCycle(nthCycle(0));
        let ended = false;
        let count = 0;
        const seen = { rolledBack: 0, committed: 0 };
        while (!ended && count < STATEMENTS_MAX) {
          count += 1;
          const before = await newItems(store);
          ended = await storeAndDie(url, count, nthCycle(count));
          const after = await newItems(store);
          // All of it or nothing: the validators never stand for items that are not there.
          const committed = after.length > before.length;
          seen[committed ? 'committed' : 'rolledBack'] += 1;
          const etag = committed ? `"${count}"` : `"${count - 1}"`;
          expect(await store.sources.readValidators('news', FEED)).toMatchObject({ etag });
          const again = await store.sources.storeCycle(nthCycle(count));
          expect(again).toMatchObject({ newItems: 1, changedItems: 1, repeated: committed });
          expect(await newItems(store)).toEqual([...before, `guid-new-${count}`]);
        }
        expect(ended).toBe(true);
        expect(seen.committed).toBeGreaterThan(0);
        expect(seen.rolledBack).toBeGreaterThan(10);
        // The first cycle announced all of its three items.
        expect(await store.countDeliveries('chat')).toMatchObject({ pending: 3 + count });
        const [facts] = await store.sources.readSources();
        expect(facts?.rollups.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(count + 1);
      });
    },
    PATIENCE_MS,
  );
});
