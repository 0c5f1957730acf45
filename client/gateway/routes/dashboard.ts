import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { packageVersion } from '../../package-version.js';
import { OPEN_TO_ALL } from '../access.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import { knowsEtag } from '../page/knows-etag.js';
import { readPageFiles, type PageFile } from '../page/page-files.js';
import { problemResponses, RequestProblem } from '../problem.js';

/** Only files of ours, nothing inline, nothing of another site; pictures of instances are blobs, because a token is sent for them. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The page at `/`. It holds no data of its own, so that it can ask for the token. */
export function dashboardRoutes(app: GatewayApp, { client, uiUrl }: GatewayDeps): void {
  let files: Promise<ReadonlyMap<string, PageFile>> | undefined;
  const sendFile = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    files ??= readPageFiles();
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = (await files).get(path);
    if (file === undefined) throw new RequestProblem('not_found', `the page has no file ${path}`);
    return answerFile(request, reply, file);
  };
  for (const url of ['/', '/dashboard/*']) {
    app.get(url, { config: OPEN_TO_ALL, schema: { hide: true } }, sendFile);
  }
  app.route({
    method: 'GET',
    url: '/api/about',
    schema: {
      summary: 'What the page at / needs to know of this gateway',
      tags: ['description'],
      querystring: z.strictObject({}),
      response: {
        200: z.object({
          version: z.string(),
          namespace: z.string().describe('Of the Temporal server.'),
          uiUrl: z.string().nullable().describe('Temporal’s Web UI; null when the gateway knows of none.'),
        }),
        ...problemResponses(),
      },
    },
    handler: () => ({ version: packageVersion(), namespace: client.options.namespace, uiUrl }),
  });
}

function answerFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  // Asked for anew each time and then mostly not sent again: a page never mixes the files of two versions.
  reply.headers({ etag: file.etag, 'cache-control': 'no-cache', 'content-security-policy': PAGE_POLICY });
  if (knowsEtag(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  return reply.type(file.type).send(file.text);
}
