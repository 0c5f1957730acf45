import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayApp } from './app.js';
import { PROBLEM_STATUS, problemAnswer, type GatewayProblemCode, type ProblemAnswer } from './problem.js';
import { problemOfError } from './problem-of-error.js';
import { knowRoutes } from './known-routes.js';

/** Answers everything that goes wrong in the one shape. Our own faults are logged with their stack, which no client sees. */
export function answerProblems(app: GatewayApp): void {
  app.setErrorHandler(answerProblem);
}

/**
 * Says what is not there, or cannot be done there. Before anything else is looked at in such a request, whatever its method asks for.
 * Call it when all that everybody may not know has been refused, and before routes are added.
 */
export function answerUnknownPlaces(app: GatewayApp): void {
  const methodsAt = knowRoutes(app);
  const answer = (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, nothingThere(request, methodsAt(pathOf(request))));
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) void answer(request, reply);
    else done();
  });
  app.setNotFoundHandler(answer);
}

/** Answers one error. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = problemOfError(error, request.id);
  const facts = { err: error, requestId: request.id, method: request.method, path: pathOf(request) };
  const ours = answer.status === PROBLEM_STATUS.internal;
  if (ours) request.log.error(facts, 'a request failed through our own fault');
  else request.log.debug(facts, 'a request was refused');
  return send(reply, answer);
}

function send(reply: FastifyReply, { status, headers, body }: ProblemAnswer): FastifyReply {
  // The problem's own shape is fixed; the schema of the route may not know this status.
  return reply
    .code(status)
    .headers(headers)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(body);
}

function nothingThere(request: FastifyRequest, allowed: readonly string[]): ProblemAnswer {
  const path = pathOf(request);
  if (allowed.length === 0) {
    return problemAnswer('not_found', `there is nothing at ${path}; /api/openapi.json lists what there is`);
  }
  const methods = allowed.join(', ');
  return problemAnswer(
    'method_not_allowed',
    `${request.method} is not possible at ${path}`,
    { key: 'method', value: request.method, allowed: methods },
    { allow: methods },
  );
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

/** What Node says of a request that never became one. */
const BROKEN: Readonly<Record<string, { readonly code: GatewayProblemCode; readonly message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    message: 'the headers are larger than gateway.header_limit',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'too_slow',
    message: 'the request took longer than gateway.request_timeout',
  },
};
const UNREADABLE = { code: 'invalid_input', message: 'this is no HTTP request' } as const;

/** Answers what could not be read as a request, in the same shape, and ends the connection. */
export function refuseBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, message } = BROKEN[error.code ?? ''] ?? UNREADABLE;
  const { status, body } = problemAnswer(code, message);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
