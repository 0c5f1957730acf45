import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { GatewayApp } from '../app.js';
import type { JobHub } from '../jobs/job-hub.js';
import { jobParams, wholeJobId } from '../jobs/job-path.js';
import { lastEventIdHeaders, lastEventIdOf, lastEventIdQuery } from '../streams/last-event-id.js';
import { EVENT_STREAM_HEADERS } from '../streams/open-event-stream.js';
import { problemResponses, RequestProblem } from '../problem.js';

const RESPONSES = {
  200: {
    description:
      'Server-Sent Events without a name. The `id` is the offset in the log of the job; what has none is not part of it. The stream ends after `{"type":"done"}`.',
    content: { 'text/event-stream': { schema: z.string() } },
  },
  204: z.null().describe('The job is over and the client has read all of it: it need not come again.'),
  ...problemResponses(404),
};

/**
 * The stream of a job. A known job never gets an error for an answer: browsers would give up for good. What cannot be read at
 * present is told in the stream.
 */
export function jobStreamRoute(app: GatewayApp, hub: JobHub): void {
  app.route({
    method: 'GET',
    url: '/api/jobs/:id/stream',
    schema: {
      summary: 'Follow a job',
      tags: ['jobs'],
      params: jobParams,
      querystring: lastEventIdQuery,
      headers: lastEventIdHeaders,
      response: RESPONSES,
    },
    handler: async (request, reply) => {
      const { method, params } = request;
      const verdict = await hub.ask(wholeJobId(params.id), lastEventIdOf(request) ?? 0);
      switch (verdict.answer) {
        case 'unknown':
          throw new RequestProblem('not_found', `there is no job ${params.id}`);
        case 'full':
          reply.header('retry-after', '5');
          throw new RequestProblem('too_many_requests', 'as many streams as this process serves are open');
        case 'read':
          return reply.code(204).send(null);
        case 'stream':
          if (method === 'HEAD') {
            verdict.leave();
            return reply.headers(EVENT_STREAM_HEADERS).send('');
          }
          reply.hijack();
          verdict.serve(reply.raw, reply.getHeaders() as OutgoingHttpHeaders);
          return reply;
      }
    },
  });
}
