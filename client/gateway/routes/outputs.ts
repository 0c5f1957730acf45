import { z } from 'zod';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { outputSentSchema } from '../instance-schemas.js';
import { problemResponses } from '../problem.js';
import { instanceParams, outputParams } from '../request-schemas.js';

const TAGS = ['instances'];
const PROBLEMS = problemResponses(404, 409, 413, 415, 422, 502, 503);
const NOTHING = z.strictObject({});

/** Changes of a live capture's outputs; each leaves the other outputs alone. */
export function outputRoutes(app: GatewayApp, { holdfast }: GatewayDeps): void {
  app.route({
    method: 'POST',
    url: '/api/instances/:id/outputs',
    schema: {
      summary: 'Add an output to a live capture',
      description: 'The next `apply` removes it unless the file has it too.',
      tags: TAGS,
      params: instanceParams,
      body: z
        .record(z.string(), z.unknown())
        .describe('The output as in the config, e.g. {"name":"tape","kind":"record"}.'),
      response: { 200: outputSentSchema, ...PROBLEMS },
    },
    handler: ({ params: { id }, body }) => holdfast.addOutput(id, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/instances/:id/outputs/:name',
    schema: {
      summary: 'End an output of a live capture and remove it',
      tags: TAGS,
      params: outputParams,
      response: { 200: outputSentSchema, ...PROBLEMS },
    },
    handler: ({ params: { id, name } }) => holdfast.removeOutput(id, name),
  });
  app.route({
    method: 'POST',
    url: '/api/instances/:id/outputs/:name/resume',
    schema: {
      summary: 'Start an output again that has stopped, e.g. a recording after space was freed',
      tags: TAGS,
      params: outputParams,
      body: NOTHING.optional(),
      response: { 200: outputSentSchema, ...PROBLEMS },
    },
    handler: ({ params: { id, name } }) => holdfast.resumeOutput(id, name),
  });
}
