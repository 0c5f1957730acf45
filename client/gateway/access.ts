import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../../core/config/loopback.js';
import type { GatewayApp } from './app.js';
import { RequestProblem } from './problem.js';
import { foreignHost, foreignPage } from './same-origin.js';
import { createTokenCheck } from './token.js';

/** Who may ask what. */
export interface AccessRules {
  /** Without one only requests to a loopback address are answered. */
  readonly token: string | null;
  /** Host that the gateway listens on. */
  readonly listenHost: string;
  readonly requestsPerMinute: number;
}

/** A route that answers anybody, at any rate: whoever watches over the process has no token. */
export const OPEN_TO_ALL = { openToAll: true } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly openToAll?: boolean;
  }
}

const MINUTE_MS = 60_000;
/** Clients whose rate is known at once; the longest silent are forgotten first. */
const CLIENTS_MAX = 5_000;

/** Refuses, before a body is read: too many requests, foreign names and pages, a missing or wrong token. */
export async function guardAccess(app: GatewayApp, rules: AccessRules): Promise<void> {
  const { default: rateLimit } = await import('@fastify/rate-limit');
  await app.register(rateLimit, {
    global: false,
    max: rules.requestsPerMinute,
    timeWindow: MINUTE_MS,
    cache: CLIENTS_MAX,
  });
  const askRate = app.createRateLimit();
  const holdsToken = rules.token === null ? undefined : createTokenCheck(rules.token);
  const checksHost = rules.token === null && isLoopbackHost(rules.listenHost);
  app.addHook('onRequest', async (request, reply) => {
    const openToAll = request.routeOptions.config.openToAll === true;
    if (!openToAll) refuseAboveRate(await askRate(request), reply, rules.requestsPerMinute);
    if (checksHost) refuse(foreignHost(request.headers, rules.listenHost));
    refuse(foreignPage(request.method, request.headers));
    if (!openToAll && holdsToken !== undefined) refuseWithoutToken(holdsToken, request, reply);
  });
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new RequestProblem('forbidden', reason);
}

type Rate = Awaited<ReturnType<ReturnType<GatewayApp['createRateLimit']>>>;

function refuseAboveRate(rate: Rate, reply: FastifyReply, allowed: number): void {
  if (rate.isAllowed || !rate.isExceeded) return;
  void reply.header('retry-after', String(rate.ttlInSeconds));
  throw new RequestProblem(
    'too_many_requests',
    `more than ${allowed} requests in a minute; ask again in ${rate.ttlInSeconds} s`,
  );
}

function refuseWithoutToken(
  holdsToken: (authorization: string | undefined) => boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { authorization } = request.headers;
  if (holdsToken(authorization)) return;
  void reply.header('www-authenticate', 'Bearer realm="holdfast", Basic realm="holdfast", charset="UTF-8"');
  const reason = authorization === undefined ? 'a token is needed' : 'the token is wrong';
  throw new RequestProblem('unauthorized', `${reason}: send \`Authorization: Bearer TOKEN\` (gateway.token)`);
}
