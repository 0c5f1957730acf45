import { Histogram, type Registry } from 'prom-client';
import type { GatewayApp } from '../app.js';

/** Measures every request that a route of this app answers, those of event streams to their end. */
export function measureRequests(app: GatewayApp, registry: Registry): void {
  const duration = new Histogram({
    name: 'holdfast_gateway_request_duration_seconds',
    help: 'Requests to the gateway, from their headers to the end of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, not the path: whatever is asked for, there are only so many.
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}
