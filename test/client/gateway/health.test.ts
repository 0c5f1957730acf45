/**
 * Goal: whoever watches over the process, the server behind it and the sources can tell the three apart, and asking harms none of them.
 * Method: a real Temporal server with a worker, real stores, and parts that are away or answer nobody.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { CachedRead } from '../../../client/gateway/cached-read.js';
import { openStore, type Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { withGateway } from '../../support/served-gateway.js';
import { describeStores } from '../../support/stores.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
beforeAll(async () => {
  tiny = await startTinyInstances();
});
afterAll(() => tiny?.close());

/** A source that works and one that does not. */
async function keepSources(store: Store): Promise<void> {
  await store.sources.storeCycle(cycleInput('good', { items: [namedItem('a')] }));
  for (const id of ['bad-1', 'bad-2', 'bad-3']) {
    const failed = {
      source: 'broken',
      outcome: 'failed',
      cause: 'timeout',
      detail: 'no answer',
      status: null,
    } as const;
    await store.sources.storeCycle(cycleInput(id, { cycle: failed, items: null }));
  }
}

/** Takes connections and says nothing. */
async function startMute(): Promise<{ readonly address: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

describeStores('/health', (withStore) => {
  it('tells liveness, readiness and each source apart', async () => {
    await withStore(async (store) => {
      await keepSources(store);
      await withGateway({ store, client: tiny.client }, async (gateway) => {
        const answer = await gateway.get('/health');
        expect([answer.status, answer.json()]).toMatchObject([
          200,
          {
            status: 'ok',
            liveness: 'ok',
            readiness: {
              temporal: { ok: true, problem: null },
              store: { ok: true, problem: null },
              workers: { orchestrator: 1, fetch: 0 },
            },
            offlineSince: null,
            states: { pending: 2 },
            sourcesProblem: null,
            sources: [
              {
                source: 'broken',
                successRate: { day: { rate: 0, cycles: 3 } },
                errors: [{ cause: 'timeout', cycles: 3, lastDetail: 'no answer' }],
              },
              { source: 'news', successRate: { day: { rate: 1, cycles: 1 } }, latencyMs: { p50: 120 } },
            ],
          },
        ]);
        const one = await gateway.get('/health?source=broken');
        expect(one.json()).toMatchObject({ sources: [{ source: 'broken' }], states: { pending: 2 } });
        expect((await gateway.get('/health?source=nobody')).status).toBe(404);
        expect((await gateway.get('/health/ready')).status).toBe(200);
        expect((await gateway.get('/health/live')).json()).toEqual({ status: 'ok' });
      });
    });
  });

  it('is not ready without the server, still lives, and still tells of the sources', async () => {
    await withStore(async (store) => {
      await keepSources(store);
      await withGateway({ store }, async (gateway) => {
        const answer = await gateway.get('/health');
        expect([answer.status, answer.json()]).toMatchObject([
          503,
          {
            status: 'not_ready',
            liveness: 'ok',
            readiness: {
              temporal: { ok: false, problem: expect.stringMatching(/no answer|does not answer/) },
              store: { ok: true },
              workers: null,
            },
            sources: [{ source: 'broken' }, { source: 'news' }],
          },
        ]);
        const ready = await gateway.get('/health/ready');
        expect([ready.status, ready.json()]).toMatchObject([503, { status: 'not_ready' }]);
        expect((await gateway.get('/health/live')).status).toBe(200);
      });
    });
  });

  it('is not ready without the store, and says so in the same form', async () => {
    await withStore(async (_store, url) => {
      const away = await openStore(url);
      await away.migrate();
      await away.close();
      await withGateway({ store: away, client: tiny.client }, async (gateway) => {
        const answer = await gateway.get('/health');
        expect([answer.status, answer.json()]).toMatchObject([
          503,
          { status: 'not_ready', readiness: { temporal: { ok: true }, store: { ok: false } }, sources: [] },
        ]);
        expect((answer.json() as { sourcesProblem: string }).sourcesProblem).toEqual(expect.any(String));
        expect((await gateway.get('/health/live')).status).toBe(200);
      });
    });
  });

  it('answers in time when the server takes connections and says nothing', async () => {
    const mute = await startMute();
    const connection = Connection.lazy({ address: mute.address, interceptors: [] });
    try {
      await withStore(async (store) => {
        await withGateway({ store, client: new Client({ connection }) }, async (gateway) => {
          const beginMs = performance.now();
          const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.get('/health')));
          expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
          expect(performance.now() - beginMs).toBeLessThan(10_000);
          expect((await gateway.get('/health/live')).status).toBe(200);
        });
      });
    } finally {
      await connection.close();
      mute.close();
    }
  });

  it('asks nobody for a token who only wants to know whether the process lives', async () => {
    await withStore(async (store) => {
      await withGateway({ store, client: tiny.client, token: 'a-secret-token' }, async (gateway) => {
        const statuses = [
          '/health/live',
          '/health/ready',
          '/health',
          '/metrics',
          '/api/items',
          '/feeds/all.json',
        ];
        const answers = await Promise.all(statuses.map((path) => gateway.get(path)));
        expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 401, 401, 401]);
        const headers = { authorization: 'Bearer a-secret-token' };
        expect((await gateway.get('/health', headers)).status).toBe(200);
      });
    });
  });
});

describe('a reading that many ask for', () => {
  it('is made once for all who ask at the same time, and again when it has become old', async () => {
    let readings = 0;
    const reading = new CachedRead(async () => await Promise.resolve((readings += 1)), {
      maxAgeMs: 50,
      timeoutMs: 1_000,
    });
    expect(await Promise.all([reading.get(), reading.get(), reading.get()])).toEqual([1, 1, 1]);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await reading.get()).toBe(2);
  });

  it('does not pile up while it hangs, and nobody waits for it anew', async () => {
    let readings = 0;
    let end: (value: string) => void = () => undefined;
    const read = (): Promise<string> => {
      readings += 1;
      return new Promise((resolve) => (end = resolve));
    };
    const reading = new CachedRead(read, { maxAgeMs: 60_000, timeoutMs: 100 });
    await expect(Promise.all([reading.get(), reading.get()])).rejects.toThrow('no answer within 0.1 s');
    await expect(reading.get()).rejects.toThrow('no answer within 0.1 s');
    expect(readings).toBe(1);
    end('late');
    await new Promise((resolve) => setImmediate(resolve));
    expect([await reading.get(), readings]).toEqual(['late', 1]);
  });

  it('gives an error to all who ask while it is fresh', async () => {
    let readings = 0;
    const read = async (): Promise<never> => {
      await Promise.resolve();
      throw new Error(`away ${(readings += 1)}`);
    };
    const reading = new CachedRead(read, { maxAgeMs: 60_000, timeoutMs: 1_000 });
    await expect(reading.get()).rejects.toThrow('away 1');
    await expect(reading.get()).rejects.toThrow('away 1');
  });
});
