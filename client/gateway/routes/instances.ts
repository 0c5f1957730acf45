import { z } from 'zod';
import { STATES } from '../../../core/states.js';
import { HoldfastError, type ProblemCode } from '../../library/errors.js';
import { INSTANCE_KINDS } from '../../library/instance-kinds.js';
import { takePreview, type Preview } from '../../library/preview.js';
import {
  coverageDocument,
  instanceDocument,
  readInstanceCoverage,
  recordingPlace,
} from '../../recordings/index.js';
import type { GatewayApp } from '../app.js';
import { coverageSchema } from '../coverage-schema.js';
import type { GatewayDeps } from '../deps.js';
import { instantOf } from '../instant-of.js';
import { documentSchema, summarySchema, viewSchema } from '../instance-schemas.js';
import { problemResponses } from '../problem.js';
import { flag, instanceParams, since } from '../request-schemas.js';

const TAGS = ['instances'];

/** Reading instances: lists, one of them, what it has recorded, and a picture. */
export function instanceRoutes(app: GatewayApp, deps: GatewayDeps): void {
  addList(app, deps);
  addDocument(app, deps);
  addGaps(app, deps);
  addPreview(app, deps);
}

function addList(app: GatewayApp, { holdfast }: GatewayDeps): void {
  app.route({
    method: 'GET',
    url: '/api/instances',
    schema: {
      summary: 'Every instance, sorted by id',
      description: 'From the index of the server, which lags a workflow by some milliseconds.',
      tags: TAGS,
      querystring: z.strictObject({
        kind: z.enum(INSTANCE_KINDS).optional().describe('Only this kind.'),
        state: z.enum(STATES).optional().describe('Only this state.'),
        details: flag.describe('With what each workflow says of itself, for the first hundred.'),
      }),
      response: {
        200: z.array(z.union([viewSchema, summarySchema])),
        ...problemResponses(502, 503),
      },
    },
    handler: async ({ query: { kind, state, details } }) => {
      const filter = { ...(kind === undefined ? {} : { kind }), ...(state === undefined ? {} : { state }) };
      return details ? await holdfast.listDetailed(filter) : await holdfast.list(filter);
    },
  });
}

function addDocument(app: GatewayApp, { holdfast, dataDir }: GatewayDeps): void {
  app.route({
    method: 'GET',
    url: '/api/instances/:id',
    schema: {
      summary: 'One instance with its branches, last incidents and progress',
      tags: TAGS,
      params: instanceParams,
      querystring: z.strictObject({}),
      response: { 200: documentSchema, ...problemResponses(404, 409, 502, 503) },
    },
    handler: async ({ params: { id } }) => {
      const instance = await holdfast.show(id);
      return instanceDocument(instance, await recordingPlace(dataDir, instance.id));
    },
  });
}

function addGaps(app: GatewayApp, { dataDir, nowMs }: GatewayDeps): void {
  app.route({
    method: 'GET',
    url: '/api/instances/:id/gaps',
    schema: {
      summary: 'What of a recording is there, what is missing and why',
      description: 'Read from the disk of the gateway; needs no server.',
      tags: TAGS,
      params: instanceParams,
      querystring: z.strictObject({ since: since.optional() }),
      response: { 200: coverageSchema, ...problemResponses(404, 409) },
    },
    handler: async ({ params, query }) => {
      const range =
        query.since === undefined ? {} : { sinceMs: instantOf('query.since', query.since, nowMs()) };
      return coverageDocument(await readInstanceCoverage(dataDir, params.id, range));
    },
  });
}

/** Reasons for which there is no picture at this moment, though the question was right. */
const ABSENT: ReadonlySet<ProblemCode> = new Set(['no_picture', 'not_running', 'no_worker', 'timed_out']);

function isAbsence(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && ABSENT.has(error.code);
}

function addPreview(app: GatewayApp, { client }: GatewayDeps): void {
  app.route({
    method: 'GET',
    url: '/api/instances/:id/preview',
    schema: {
      summary: 'A picture of a running capture or stream',
      description:
        'Of a capture up to 5 s old, of a stream from its newest closed segment; `last-modified` says when it was.',
      tags: TAGS,
      params: instanceParams,
      querystring: z.strictObject({
        absent: z
          .enum(['problem', 'empty'])
          .default('problem')
          .describe(
            'What is answered while there is no picture: `empty` is 204, with the reason in a header.',
          ),
      }),
      response: {
        200: { description: 'A picture.', content: { 'image/jpeg': { schema: z.file() } } },
        204: z.null().describe('There is no picture now; `x-absent-because` says why, percent-encoded.'),
        ...problemResponses(404, 409, 502, 503),
      },
    },
    // A picture costs a workflow: whoever only asks whether there is one shall not start any.
    exposeHeadRoute: false,
    handler: async ({ params: { id }, query }, reply) => {
      let picture: Preview;
      try {
        picture = await takePreview(client, id);
      } catch (error) {
        if (query.absent !== 'empty' || !isAbsence(error)) throw error;
        return reply.code(204).header('x-absent-because', encodeURIComponent(error.message)).send(null);
      }
      return reply
        .type('image/jpeg')
        .header('last-modified', new Date(picture.takenAt).toUTCString())
        .send(Buffer.from(picture.jpeg) as never);
    },
  });
}
