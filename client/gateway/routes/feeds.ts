import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { instanceName } from '../../../core/config/common.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import type { Feed } from '../feeds/feed.js';
import { ATOM_TYPE, renderAtom } from '../feeds/atom.js';
import { JSON_FEED_TYPE, jsonFeedSchema, renderJsonFeed } from '../feeds/json-feed.js';
import { createFeedReader } from '../feeds/read-feed.js';
import { isKnown, lastModified, validatorsOf } from '../feeds/validators.js';
import { problemResponses } from '../problem.js';

const params = z.strictObject({
  source: instanceName.describe('Name of a source; `all` for all of them in one.'),
});

const CONDITIONAL = {
  headers: z.looseObject({
    'if-none-match': z.string().optional().describe('`ETag` of an earlier answer.'),
    'if-modified-since': z.string().optional().describe('`Last-Modified` of an earlier answer.'),
  }),
  params,
};
const OTHER_RESPONSES = {
  304: z.null().describe('The client has the newest already.'),
  ...problemResponses(404, 503),
};

/** Each source as JSON Feed and as Atom, and all of them as one. */
export function feedRoutes(app: GatewayApp, deps: GatewayDeps): void {
  const read = createFeedReader(deps);
  const tags = ['feeds'];
  app.get(
    '/feeds/:source.json',
    {
      schema: {
        tags,
        summary: 'The newest items of a source as JSON Feed 1.1',
        ...CONDITIONAL,
        response: {
          200: {
            description: 'JSON Feed 1.1.',
            content: { 'application/feed+json': { schema: jsonFeedSchema } },
          },
          ...OTHER_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const feed = await read(request.params.source, addressOf(request));
      return sendFeed(request, reply, { body: renderJsonFeed(feed), type: JSON_FEED_TYPE, feed, deps });
    },
  );
  app.get(
    '/feeds/:source.atom',
    {
      schema: {
        tags,
        summary: 'The newest items of a source as Atom',
        ...CONDITIONAL,
        response: {
          200: {
            description: 'An Atom document (RFC 4287).',
            content: { 'application/atom+xml': { schema: z.string() } },
          },
          ...OTHER_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const feed = await read(request.params.source, addressOf(request));
      return sendFeed(request, reply, { body: renderAtom(feed), type: ATOM_TYPE, feed, deps });
    },
  );
}

/** Where the client asks; null when it does not say so in a way that can be an address. */
function addressOf({ protocol, host, url }: FastifyRequest): string | null {
  const address = `${protocol}://${host}${url.split('?', 1)[0]}`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(address) ? address : null;
}

interface FeedAnswer {
  readonly body: string;
  readonly type: string;
  readonly feed: Feed;
  readonly deps: Pick<GatewayDeps, 'nowMs'>;
}

/** Sends a feed, or only says that the client has it already. */
function sendFeed<Reply extends Pick<FastifyReply, 'headers' | 'code' | 'type' | 'send'>>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: Reply,
  { body, type, feed, deps }: FeedAnswer,
): Reply {
  const validators = validatorsOf(body, feed.updatedAt);
  reply.headers({
    etag: validators.etag,
    'last-modified': lastModified(validators, deps.nowMs()),
    // Kept by whoever likes, and asked for again each time: that costs a 304.
    'cache-control': 'no-cache',
  });
  if (isKnown(headers, validators)) reply.code(304).send();
  else reply.type(type).send(body);
  return reply;
}
