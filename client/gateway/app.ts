import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { guardAccess } from './access.js';
import {
  answerProblem,
  answerProblems,
  answerUnknownPlaces,
  refuseBrokenRequest,
} from './answer-problems.js';
import { checkRequest } from './check-request.js';
import type { GatewayDeps } from './deps.js';
import { withWholeInstanceId } from './instance-path.js';
import { withWholeJobId } from './jobs/job-path.js';
import { serveOpenApi } from './openapi.js';
import { addRoutes } from './routes/index.js';
import { addSafetyHeaders } from './safety-headers.js';

/** The gateway while it is put together: routes are typed by their zod schemas. */
export type GatewayApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface AppOptions {
  /** Secrets filled in; null only on a loopback address. */
  readonly token: string | null;
  /** Host that will be listened on. */
  readonly listenHost: string;
}

/** Node looks for requests that take too long at this share of the shorter limit, so that they end near to it. */
const CHECKS_PER_LIMIT = 2;
/** Connections at the same time: browsers, pollers and streams of a few hundred clients. */
const CONNECTIONS_MAX = 1_024;

/** Puts the gateway together: checks, limits, authorization, problems, and every route. It does not listen yet. */
export async function buildApp(deps: GatewayDeps, options: AppOptions): Promise<GatewayApp> {
  const app = createServer(deps);
  app.setValidatorCompiler(checkRequest).setSerializerCompiler(serializerCompiler);
  // A form of any web page could send text; it is no JSON and never meant for us.
  app.removeContentTypeParser('text/plain');
  answerProblems(app);
  addSafetyHeaders(app);
  await guardAccess(app, { ...options, requestsPerMinute: deps.config.gateway.requests_per_minute });
  answerUnknownPlaces(app);
  await serveOpenApi(app, { withToken: options.token !== null });
  await app.register(async (routes) => addRoutes(routes.withTypeProvider<ZodTypeProvider>(), deps));
  return app;
}

function createServer({ config, logger }: GatewayDeps): GatewayApp {
  const { body_limit, header_limit, header_timeout, request_timeout } = config.gateway;
  const app = fastify({
    loggerInstance: logger.child({ component: 'gateway' }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: body_limit,
    requestTimeout: request_timeout,
    http: {
      maxHeaderSize: header_limit,
      headersTimeout: header_timeout,
      connectionsCheckingInterval: Math.min(header_timeout, request_timeout) / CHECKS_PER_LIMIT,
    },
    rewriteUrl: (request) => withWholeJobId(withWholeInstanceId(request.url ?? '/')),
    // The router cuts nothing off: schemas say what is too long, in our words.
    routerOptions: { maxParamLength: header_limit },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    clientErrorHandler: refuseBrokenRequest,
    // Keep-alive connections that are idle do not hold a closing gateway up.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = CONNECTIONS_MAX;
  return app;
}
