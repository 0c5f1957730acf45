import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { dashboardRoutes } from './dashboard.js';
import { eventRoutes } from './events.js';
import { feedRoutes } from './feeds.js';
import { healthRoutes } from './health.js';
import { instanceRoutes } from './instances.js';
import { itemRoutes } from './items.js';
import { jobRoutes, openFollowedJobs } from './jobs.js';
import { messageRoutes } from './messages.js';
import { metricsRoutes } from './metrics.js';
import { outputRoutes } from './outputs.js';

/** Every route of the gateway. */
export function addRoutes(app: GatewayApp, deps: GatewayDeps): void {
  const followed = openFollowedJobs(app, deps);
  instanceRoutes(app, deps);
  messageRoutes(app, deps, followed.hub);
  outputRoutes(app, deps);
  itemRoutes(app, deps);
  feedRoutes(app, deps);
  healthRoutes(app, deps);
  metricsRoutes(app, deps);
  jobRoutes(app, deps, followed);
  eventRoutes(app, deps);
  dashboardRoutes(app, deps);
}
