import type { Registry } from 'prom-client';
import type { SourceHealth } from '../../../core/source-health/index.js';
import { healthReport } from '../../health/read-health.js';
import type { GatewayDeps } from '../deps.js';
import { countsOf } from './counts.js';
import { MetricsSet, type Samples } from './metrics-set.js';
import { section, type Section } from './section.js';

/** Sources that are told one by one; of the others only the states are counted. */
const SOURCES_TOLD_MAX = 1_000;

/** How the sources fare. */
export function sourceSection(
  registry: Registry,
  { store, nowMs }: Pick<GatewayDeps, 'store' | 'nowMs'>,
  problem: (error: unknown) => void,
): Section {
  const metrics = new MetricsSet(registry);
  const states = metrics.gauge('sources', 'Sources by state.', ['state']);
  const offline = metrics.gauge('offline', '1 while we are offline ourselves and blame no source.');
  const tellEach = eachSource(metrics);
  return section(
    metrics,
    async () => await healthReport(store, nowMs()),
    ({ sources, offlineSince }) => {
      states(countsOf(sources, ({ state }) => ({ state })));
      offline([[{}, Number(offlineSince !== null)]]);
      tellEach(sources.slice(0, SOURCES_TOLD_MAX));
    },
    problem,
  );
}

function eachSource(metrics: MetricsSet): (sources: readonly SourceHealth[]) => void {
  const success = metrics.gauge(
    'source_success_ratio',
    'Share of cycles that succeeded, 0 to 1; of windows in which any counted.',
    ['source', 'window'],
  );
  const breaker = metrics.gauge('source_breaker_open', '1 while the breaker leaves the source alone.', [
    'source',
  ]);
  const up = metrics.gauge('source_up', '1 while the source is up.', ['source']);
  const latency = metrics.gauge(
    'source_latency_seconds',
    'Time from request to the end of the answer that this share of the last cycles stayed within.',
    ['source', 'quantile'],
  );
  const failures = metrics.gauge('source_failures', 'Cycles of the last 24 h that failed, by cause.', [
    'source',
    'cause',
  ]);
  const lastGood = metrics.gauge('source_last_good_timestamp_seconds', 'When the last good cycle began.', [
    'source',
  ]);
  const lastItem = metrics.gauge('source_last_item_timestamp_seconds', 'When the last new item was stored.', [
    'source',
  ]);
  return (sources) => {
    for (const health of sources) {
      const { source, successRate, latencyMs, errors } = health;
      success(
        withValue([
          [{ source, window: '1h' }, successRate.hour.rate],
          [{ source, window: '24h' }, successRate.day.rate],
          [{ source, window: '30d' }, successRate.month.rate],
        ]),
      );
      up([[{ source }, Number(health.state === 'up')]]);
      breaker([[{ source }, Number(health.breaker !== null && health.breaker.state !== 'closed')]]);
      if (latencyMs !== null) {
        latency([
          [{ source, quantile: '0.5' }, latencyMs.p50 / 1000],
          [{ source, quantile: '0.95' }, latencyMs.p95 / 1000],
          [{ source, quantile: '0.99' }, latencyMs.p99 / 1000],
        ]);
      }
      failures(errors.map(({ cause, cycles }) => [{ source, cause }, cycles]));
      lastGood(withValue([[{ source }, seconds(health.lastGoodAt)]]));
      lastItem(withValue([[{ source }, seconds(health.lastItemAt)]]));
    }
  };
}

function withValue(samples: readonly (readonly [Samples[number][0], number | null])[]): Samples {
  return samples.flatMap(([labels, value]) => (value === null ? [] : [[labels, value]]));
}

function seconds(at: string | null): number | null {
  return at === null ? null : Date.parse(at) / 1000;
}
