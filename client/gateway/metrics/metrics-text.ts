import { Gauge, Registry } from 'prom-client';
import { packageVersion } from '../../package-version.js';
import type { GatewayApp } from '../app.js';
import { CachedRead, TooSlowError } from '../cached-read.js';
import type { GatewayDeps } from '../deps.js';
import { RequestProblem } from '../problem.js';
import { joinExpositions } from './exposition.js';
import { instanceSection } from './instances.js';
import { diskSection, partSection, storeSection } from './parts.js';
import { processRegistry } from './process-registry.js';
import { measureRequests } from './requests.js';
import { sourceSection } from './sources.js';

/** How long one scrape may take in all: its parts are read side by side. */
const SCRAPE_TIMEOUT_MS = 5_000;

/** Reads everything that there is to be measured as Prometheus text; what cannot be read is left out. */
export function createMetricsText(app: GatewayApp, deps: GatewayDeps): () => Promise<string> {
  const registry = new Registry();
  measureRequests(app, registry);
  new Gauge({
    name: 'holdfast_info',
    help: 'Always 1; says which version this is.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: packageVersion() }, 1);
  const problem = (error: unknown): void => {
    deps.logger.debug({ err: error }, 'a part of the metrics cannot be told');
  };
  const sections = [
    partSection(registry, deps, problem),
    instanceSection(registry, deps, problem),
    sourceSection(registry, deps, problem),
    storeSection(registry, deps, problem),
    diskSection(registry, deps, problem),
  ];
  const scrape = new CachedRead(
    async () => {
      const [sdk] = await Promise.all([
        deps.sdkMetrics().catch(problem),
        ...sections.map((section) => section.update()),
      ]);
      const ours = `${await registry.metrics()}\n${await processRegistry().metrics()}`;
      return joinExpositions(ours, sdk ?? '');
    },
    // Two scrapes at once would empty each other's metrics.
    { maxAgeMs: 0, timeoutMs: SCRAPE_TIMEOUT_MS },
  );
  return async () => {
    try {
      return await scrape.get();
    } catch (error) {
      if (!(error instanceof TooSlowError)) throw error;
      throw new RequestProblem('timed_out', `the metrics cannot be read now: ${error.message}`);
    }
  };
}
