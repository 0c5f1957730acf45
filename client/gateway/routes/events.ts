import type { OutgoingHttpHeaders } from 'node:http';
import { createJobs } from '../../library/jobs.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { EventFeed } from '../events/event-feed.js';
import { LISTENERS_MAX } from '../events/limits.js';
import { liveEventsSchema } from '../events/event-words.js';
import { problemResponses, RequestProblem } from '../problem.js';
import { EVENT_STREAM_HEADERS } from '../streams/open-event-stream.js';
import { lastEventIdHeaders, lastEventIdOf, lastEventIdQuery } from '../streams/last-event-id.js';

/** Notifications, and states of instances and jobs as they change. */
export function eventRoutes(app: GatewayApp, { client, holdfast, store, nowMs }: GatewayDeps): void {
  const jobs = createJobs({ client, store: store.jobs });
  const feed = new EventFeed(
    {
      listInstances: () => holdfast.list(),
      listJobs: (limit) => jobs.list({ limit }),
      listNotifications: (after, limit) =>
        store.listNotifications(after === null ? { limit, newestFirst: true } : { limit, after }),
    },
    nowMs,
    { streamsMax: LISTENERS_MAX },
  );
  app.addHook('preClose', () => feed.close());
  eventRoute(app, feed);
}

/** The route alone. */
export function eventRoute(app: GatewayApp, feed: EventFeed): void {
  app.route({
    method: 'GET',
    url: '/api/events',
    schema: {
      summary: 'Follow notifications and states as they change',
      tags: ['events'],
      querystring: lastEventIdQuery,
      headers: lastEventIdHeaders,
      response: {
        200: {
          description: 'An event stream without end.',
          content: { 'text/event-stream': { schema: liveEventsSchema } },
        },
        ...problemResponses(),
      },
    },
    handler: async (request, reply) => {
      if (feed.full) {
        reply.header('retry-after', '5');
        throw new RequestProblem('too_many_requests', 'as many streams as this process serves are open');
      }
      if (request.method === 'HEAD') return reply.headers(EVENT_STREAM_HEADERS).send('');
      const after = lastEventIdOf(request);
      reply.hijack();
      await feed.serve(reply.raw, reply.getHeaders() as OutgoingHttpHeaders, after);
      return reply;
    },
  });
}
