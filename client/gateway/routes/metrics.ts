import { Registry } from 'prom-client';
import { z } from 'zod';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { createMetricsText } from '../metrics/metrics-text.js';
import { problemResponses } from '../problem.js';

/** What monitoring systems read. */
export function metricsRoutes(app: GatewayApp, deps: GatewayDeps): void {
  const read = createMetricsText(app, deps);
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['health'],
        summary: 'Metrics of holdfast, of this process and of the Temporal SDK in it, as Prometheus text',
        response: {
          200: {
            description: 'Prometheus text, version 0.0.4.',
            content: { 'text/plain': { schema: z.string() } },
          },
          ...problemResponses(503),
        },
      },
    },
    async (_request, reply) => reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await read()),
  );
}
