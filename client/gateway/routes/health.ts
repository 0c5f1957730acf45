import { z } from 'zod';
import { healthReport, type HealthReport } from '../../health/read-health.js';
import { OPEN_TO_ALL } from '../access.js';
import type { GatewayApp } from '../app.js';
import { CachedRead } from '../cached-read.js';
import type { GatewayDeps } from '../deps.js';
import {
  healthSchema,
  livenessSchema,
  readinessSchema,
  type HealthDocument,
} from '../health/health-schemas.js';
import { CHECK_TIMEOUT_MS, createReadiness, isReady } from '../health/readiness.js';
import { sourceFilter } from '../items/item-schemas.js';
import { requireKnownSource } from '../known-source.js';
import { problemResponses } from '../problem.js';

const TAGS = ['health'];

/** The report reads many rows: it is made this often at most. */
const REPORT_AGE_MAX_MS = 2_000;

const NOTHING_TOLD: HealthReport = { offlineSince: null, states: {}, sources: [] };

/** Liveness, readiness and the health of the sources, apart from each other. */
export function healthRoutes(app: GatewayApp, deps: GatewayDeps): void {
  const readiness = createReadiness(deps);
  app.get(
    '/health/live',
    {
      config: OPEN_TO_ALL,
      schema: {
        tags: TAGS,
        summary: 'The process serves',
        security: [],
        response: { 200: livenessSchema, ...problemResponses() },
      },
    },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/health/ready',
    {
      schema: {
        tags: TAGS,
        summary: 'Temporal server and store answer',
        response: { 200: readinessSchema, ...problemResponses(), 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const parts = await readiness();
      reply.code(isReady(parts) ? 200 : 503);
      return { status: statusOf(isReady(parts)), readiness: parts };
    },
  );
  addHealth(app, deps, readiness);
}

function addHealth(app: GatewayApp, deps: GatewayDeps, readiness: ReturnType<typeof createReadiness>): void {
  const everySource = new CachedRead(async () => await healthReport(deps.store, deps.nowMs()), {
    maxAgeMs: REPORT_AGE_MAX_MS,
    timeoutMs: CHECK_TIMEOUT_MS,
    isCostly: true,
  });
  app.get(
    '/health',
    {
      schema: {
        tags: TAGS,
        summary: 'Liveness, readiness, and how each source fares',
        querystring: z.strictObject({ source: sourceFilter }),
        response: { 200: healthSchema, ...problemResponses(404), 503: healthSchema },
      },
    },
    async ({ query: { source } }, reply) => {
      const [parts, told] = await Promise.all([readiness(), tell(everySource)]);
      if (source !== undefined && told.sourcesProblem === null) await requireKnownSource(deps, source);
      reply.code(isReady(parts) ? 200 : 503);
      return documentOf(parts, told, source);
    },
  );
}

interface Told extends HealthReport {
  readonly sourcesProblem: string | null;
}

/** What can be told is told: a store that is away is no reason to say nothing. */
async function tell(everySource: CachedRead<HealthReport>): Promise<Told> {
  try {
    return { ...(await everySource.get()), sourcesProblem: null };
  } catch (error) {
    return { ...NOTHING_TOLD, sourcesProblem: error instanceof Error ? error.message : String(error) };
  }
}

function documentOf(
  readiness: HealthDocument['readiness'],
  { sources, ...report }: Told,
  source: string | undefined,
): HealthDocument {
  const ready = isReady(readiness);
  const chosen = sources.filter((health) => source === undefined || health.source === source);
  return {
    status: statusOf(ready),
    liveness: 'ok',
    readiness,
    ...report,
    states: { ...report.states },
    sources: chosen,
  };
}

function statusOf(ready: boolean): 'ok' | 'not_ready' {
  return ready ? 'ok' : 'not_ready';
}
