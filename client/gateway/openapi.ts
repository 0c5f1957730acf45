import swagger from '@fastify/swagger';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { packageVersion } from '../package-version.js';
import type { GatewayApp } from './app.js';
import { problemResponses } from './problem.js';

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'gateway.token of the configuration.' },
  basic: { type: 'http', scheme: 'basic', description: 'The same token as password, with any user name.' },
} as const;

export const OPENAPI_PATH = '/api/openapi.json';

/** Describes every route that is added from now on, and serves the description. */
export async function serveOpenApi(app: GatewayApp, options: { readonly withToken: boolean }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'holdfast',
        version: packageVersion(),
        description:
          'Instances, items, feeds, health and metrics of a holdfast. Every error has the same shape.',
      },
      tags: [
        {
          name: 'instances',
          description: 'Recordings, captures and sources: what they do, and what they are told.',
        },
      ],
      components: { securitySchemes: SECURITY_SCHEMES },
      security: options.withToken ? [{ bearer: [] }, { basic: [] }] : [],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
  });
  app.route({
    method: 'GET',
    url: OPENAPI_PATH,
    schema: {
      summary: 'This description',
      tags: ['description'],
      response: {
        200: z.record(z.string(), z.unknown()).describe('An OpenAPI 3.1 document.'),
        ...problemResponses(),
      },
    },
    handler: () => app.swagger() as unknown as Record<string, unknown>,
  });
}
