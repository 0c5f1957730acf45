/**
 * Goal: what a monitoring system reads is valid, true, and there also when a part is away. Method: a real Temporal server, real stores,
 * the SDK's own metrics, and a reader that refuses what the format does not allow.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSdkMetricsReader } from '../../../client/gateway/metrics/sdk-metrics.js';
import { joinExpositions } from '../../../client/gateway/metrics/exposition.js';
import { createHoldfast } from '../../../client/index.js';
import { UNTRIED } from '../../../core/source-health/index.js';
import { openStore } from '../../../store/index.js';
import { until } from '../../support/cluster.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { readExposition, type Exposition } from '../../support/exposition.js';
import { withGateway, type ServedGateway } from '../../support/served-gateway.js';
import { describeStores, notification } from '../../support/stores.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
beforeAll(async () => {
  tiny = await startTinyInstances();
});
afterAll(() => tiny?.close());

async function scrape(gateway: ServedGateway): Promise<Exposition> {
  const { status, headers, text } = await gateway.get('/metrics');
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  return readExposition(text);
}

describeStores('/metrics', (withStore) => {
  it('tells of sources, items and waiting notifications as they are stored', async () => {
    await withStore(async (store) => {
      const fetched = { latencyMs: 250 };
      await store.sources.storeCycle(
        cycleInput('1', { cycle: fetched, items: ['a', 'b'].map((name) => namedItem(name)) }),
      );
      const failed = { source: 'broken', outcome: 'failed', cause: 'timeout', status: null } as const;
      await store.sources.storeCycle(cycleInput('2', { cycle: failed, items: null }));
      const breaker = { state: 'open', failures: 3, openCount: 1, openUntilMs: Date.now() + 60_000 } as const;
      const status = { ...UNTRIED, breaker };
      await store.sources.saveStatus('broken', status);
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date(0));
      await store.recordNotifications([notification('one'), notification('two')]);
      await withGateway({ store, client: tiny.client }, async (gateway) => {
        const metrics = await scrape(gateway);
        expect(metrics.value('holdfast_items_stored_total', {})).toBe(2);
        expect(metrics.value('holdfast_notifications_waiting', { sink: 'hook' })).toBe(2);
        expect(metrics.value('holdfast_sources', { state: 'open' })).toBe(1);
        expect(metrics.value('holdfast_source_breaker_open', { source: 'broken' })).toBe(1);
        expect(metrics.value('holdfast_source_breaker_open', { source: 'news' })).toBe(0);
        expect(metrics.value('holdfast_source_success_ratio', { source: 'news', window: '24h' })).toBe(1);
        expect(metrics.value('holdfast_source_success_ratio', { source: 'broken', window: '1h' })).toBe(0);
        expect(metrics.value('holdfast_source_latency_seconds', { source: 'news', quantile: '0.5' })).toBe(
          0.25,
        );
        expect(metrics.value('holdfast_source_failures', { source: 'broken', cause: 'timeout' })).toBe(1);
        expect(metrics.value('holdfast_data_dir_free_bytes', {})).toBeGreaterThan(0);
        expect(metrics.value('process_resident_memory_bytes', {})).toBeGreaterThan(0);
        expect(metrics.value('holdfast_up', { part: 'store' })).toBe(1);
      });
    });
  });

  it('tells what it can while the store is away', async () => {
    await withStore(async (_store, url) => {
      const away = await openStore(url);
      await away.migrate();
      await away.close();
      await withGateway({ store: away, client: tiny.client }, async (gateway) => {
        const metrics = await scrape(gateway);
        expect(metrics.value('holdfast_up', { part: 'store' })).toBe(0);
        expect(metrics.value('holdfast_up', { part: 'temporal' })).toBe(1);
        expect(metrics.value('holdfast_workers', { role: 'orchestrator' })).toBe(1);
        expect(metrics.value('holdfast_items_stored_total', {})).toBeUndefined();
      });
    });
  });

  it('tells what it can while the server is away', async () => {
    await withStore(async (store) => {
      await store.sources.storeCycle(cycleInput('1', { items: [namedItem('a')] }));
      await withGateway({ store }, async (gateway) => {
        const metrics = await scrape(gateway);
        expect(metrics.value('holdfast_up', { part: 'temporal' })).toBe(0);
        expect(metrics.value('holdfast_up', { part: 'store' })).toBe(1);
        expect(metrics.value('holdfast_items_stored_total', {})).toBe(1);
        expect(metrics.value('holdfast_workers', { role: 'orchestrator' })).toBeUndefined();
      });
    });
  });

  it('counts instances, branches and incidents, and measures requests by route', async () => {
    await withStore(async (store) => {
      const holdfast = createHoldfast({ client: tiny.client });
      await holdfast.apply([{ kind: 'stream', name: 'counted', config: { id: 'counted' } }]);
      await withGateway({ store, client: tiny.client }, async (gateway) => {
        await gateway.get('/api/items/77');
        let metrics = await scrape(gateway);
        await until(
          async () => {
            metrics = await scrape(gateway);
            return (
              metrics.value('holdfast_instance_state', { instance: 'stream/counted', state: 'running' }) === 1
            );
          },
          20_000,
          'the instance to run',
        );
        expect(metrics.value('holdfast_instances', { kind: 'stream', state: 'running' })).toBeGreaterThan(0);
        expect(metrics.value('holdfast_branches', { kind: 'stream', state: 'running' })).toBeGreaterThan(0);
        expect(
          metrics.value('holdfast_incidents_total', { instance: 'stream/counted' }),
        ).toBeGreaterThanOrEqual(0);
        const asked = { method: 'GET', route: '/api/items/:number', status: '404' };
        expect(metrics.value('holdfast_gateway_request_duration_seconds_count', asked)).toBe(1);
      });
    });
  });

  it('stays valid when scraped by many at once, with the metrics of the SDK beside', async () => {
    await withStore(async (store) => {
      const sdk =
        '# HELP temporal_x x\n# TYPE temporal_x counter\ntemporal_x{a="b"} 1\n# TYPE holdfast_up gauge\nholdfast_up 9\n';
      const sdkMetrics = () => Promise.resolve(sdk);
      await withGateway({ store, client: tiny.client, sdkMetrics }, async (gateway) => {
        const all = await Promise.all(Array.from({ length: 8 }, () => scrape(gateway)));
        for (const metrics of all) {
          expect(metrics.value('temporal_x', { a: 'b' })).toBe(1);
          expect(metrics.value('holdfast_up', {})).toBeUndefined();
          expect(metrics.value('holdfast_up', { part: 'gateway' })).toBe(1);
        }
      });
    });
  });

  it('leaves the metrics of the SDK out when it does not answer', async () => {
    await withStore(async (store) => {
      const sdkMetrics = createSdkMetricsReader(() => '127.0.0.1:1');
      await withGateway({ store, client: tiny.client, sdkMetrics }, async (gateway) => {
        expect((await scrape(gateway)).value('holdfast_up', { part: 'gateway' })).toBe(1);
      });
    });
  });
});

describe('two texts put together', () => {
  it('hold each metric once', () => {
    const joined = joinExpositions(
      '# TYPE a counter\na 1\n# TYPE c gauge\nc Nan\n',
      '\n# HELP a other\n# TYPE a gauge\na 2\n# TYPE b gauge\nb 3\n# EOF',
    );
    expect(joined).toBe('# TYPE a counter\na 1\n# TYPE c gauge\nc NaN\n# TYPE b gauge\nb 3\n');
  });
});
