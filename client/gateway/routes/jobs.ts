import { z } from 'zod';
import { jobNameOf } from '../../../core/jobs/index.js';
import { createJobs, type Jobs } from '../../library/jobs.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { JobHub } from '../jobs/job-hub.js';
import { jobParams, wholeJobId } from '../jobs/job-path.js';
import { cancelledSchema, jobRequest, jobSchema, jobsQuery, startedSchema } from '../jobs/job-schemas.js';
import { openArtifact } from '../jobs/open-artifact.js';
import { sendArtifact } from '../jobs/send-artifact.js';
import { problemResponses } from '../problem.js';
import { jobStreamRoute } from './job-stream.js';

const TAGS = ['jobs'];

/** Beyond every event, and still a number for every database: only the job itself is asked for. */
const NO_EVENTS = 2_147_483_647;

/** The jobs, and the streams of those that are followed. */
export interface FollowedJobs {
  readonly jobs: Jobs;
  readonly hub: JobHub;
}

/** One for all routes of a gateway; its streams end with it. */
export function openFollowedJobs(
  app: GatewayApp,
  { client, store, logger, nowMs }: GatewayDeps,
): FollowedJobs {
  const jobs = createJobs({ client, store: store.jobs });
  const hub = new JobHub({ source: jobs, logger, nowMs });
  app.addHook('preClose', () => hub.close());
  return { jobs, hub };
}

/** Content jobs: ask for one, look at it, follow it, fetch what it made, cancel it. */
export function jobRoutes(app: GatewayApp, { dataDir }: GatewayDeps, { jobs, hub }: FollowedJobs): void {
  addList(app, jobs);
  addStart(app, jobs);
  addShow(app, jobs, hub);
  addCancel(app, jobs);
  addArtifact(app, jobs, dataDir);
  jobStreamRoute(app, hub);
}

function addList(app: GatewayApp, jobs: Jobs): void {
  app.route({
    method: 'GET',
    url: '/api/jobs',
    schema: {
      summary: 'Jobs, the newest first',
      tags: TAGS,
      querystring: jobsQuery,
      response: { 200: z.array(jobSchema), ...problemResponses(502, 503) },
    },
    handler: async ({ query: { kind, status, limit } }) =>
      [
        ...(await jobs.list({
          limit,
          ...(kind === undefined ? {} : { kind }),
          ...(status === undefined ? {} : { status }),
        })),
      ] as z.output<typeof jobSchema>[],
  });
}

function addStart(app: GatewayApp, jobs: Jobs): void {
  app.route({
    method: 'POST',
    url: '/api/jobs',
    schema: {
      summary: 'Ask for a job',
      description: 'With a key: the job of that kind and key, which is started when there is none yet.',
      tags: TAGS,
      body: jobRequest,
      response: {
        200: startedSchema.describe('There was a job of this key.'),
        201: startedSchema.describe('The job was started.'),
        ...problemResponses(413, 415, 422, 502, 503),
      },
    },
    handler: async ({ body }, reply) => {
      const started = await jobs.start(body);
      reply.header('location', `/api/jobs/${encodeURIComponent(jobNameOf(started.id))}`);
      return reply.code(started.created ? 201 : 200).send(started);
    },
  });
}

function addShow(app: GatewayApp, jobs: Jobs, hub: JobHub): void {
  app.route({
    method: 'GET',
    url: '/api/jobs/:id',
    schema: {
      summary: 'One job with its progress and artifacts',
      tags: TAGS,
      params: jobParams,
      response: { 200: jobSchema, ...problemResponses(404, 502, 503) },
    },
    handler: async ({ params }) => {
      const id = wholeJobId(params.id);
      // Followers look at their job when its stream worries them: all at once.
      const view = hub.freshView(id) ?? (await jobs.show(id, NO_EVENTS)).view;
      return view as z.output<typeof jobSchema>;
    },
  });
}

function addCancel(app: GatewayApp, jobs: Jobs): void {
  const response = { 200: cancelledSchema, ...problemResponses(404, 413, 415, 502, 503) };
  const cancel = async (reference: string): Promise<z.output<typeof cancelledSchema>> => {
    const id = wholeJobId(reference);
    return { id, cancelled: await jobs.cancel(id) };
  };
  app.route({
    method: 'POST',
    url: '/api/jobs/:id/cancel',
    schema: {
      summary: 'End a job and remove what it has half made',
      tags: TAGS,
      params: jobParams,
      body: z.strictObject({}).optional(),
      response,
    },
    handler: ({ params }) => cancel(params.id),
  });
  app.route({
    method: 'DELETE',
    url: '/api/jobs/:id',
    schema: {
      summary: 'The same as cancel',
      description: 'What the job has made before stays until its retention is over.',
      tags: TAGS,
      params: jobParams,
      response,
    },
    handler: ({ params }) => cancel(params.id),
  });
}

const FILE = { description: 'The artifact in its media type.', content: { '*/*': { schema: z.string() } } };

function addArtifact(app: GatewayApp, jobs: Jobs, dataDir: string): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/jobs/:id/artifacts/:name',
    schema: {
      summary: 'A file that a job has made',
      tags: TAGS,
      params: jobParams.extend({ name: z.string().min(1).max(128).describe('Name of the artifact.') }),
      headers: z.object({
        range: z.string().optional().describe('One part of the file, e.g. `bytes=0-1023`.'),
        'if-range': z.string().optional(),
        'if-none-match': z.string().optional(),
      }),
      response: {
        200: FILE,
        206: { ...FILE, description: 'The part that was asked for.' },
        304: z.null().describe('The client has it already.'),
        416: { description: 'The file has no such part.', content: { '*/*': { schema: z.string() } } },
        ...problemResponses(404, 502, 503),
      },
    },
    handler: async (request, reply) => {
      const { id, name } = request.params;
      const { view } = await jobs.show(wholeJobId(id), NO_EVENTS);
      await sendArtifact(request, reply, await openArtifact(dataDir, view, name));
      return reply;
    },
  });
}
