import { z } from 'zod';
import type { ProblemCode } from '../library/errors.js';

/** Problems of a request itself, beside those of the library. */
export type RequestProblemCode =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'too_slow'
  | 'too_large'
  | 'unsupported_media_type'
  | 'too_many_requests'
  | 'headers_too_large'
  | 'no_recording'
  | 'store_unavailable'
  | 'internal';

export type GatewayProblemCode = ProblemCode | RequestProblemCode;

/** Status of each problem. */
export const PROBLEM_STATUS = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_instance: 404,
  no_picture: 404,
  no_recording: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  too_slow: 408,
  ambiguous_instance: 409,
  not_running: 409,
  too_large: 413,
  unsupported_media_type: 415,
  rejected: 422,
  too_many_requests: 429,
  headers_too_large: 431,
  internal: 500,
  refused: 502,
  server_error: 502,
  unreachable: 503,
  timed_out: 503,
  no_worker: 503,
  not_set_up: 503,
  store_unavailable: 503,
} as const satisfies Record<GatewayProblemCode, number>;

export type ProblemStatus = (typeof PROBLEM_STATUS)[GatewayProblemCode];

const CODES = Object.keys(PROBLEM_STATUS) as [GatewayProblemCode, ...GatewayProblemCode[]];

/** The one shape of every error. */
export const problemSchema = z
  .object({
    error: z.object({
      code: z.enum(CODES).describe('For programs.'),
      message: z.string().describe('For a person.'),
      key: z.string().optional().describe('What of the request is wrong, e.g. `query.limit`.'),
      value: z.unknown().optional().describe('The value that is wrong.'),
      allowed: z.string().optional().describe('What is allowed instead.'),
      requestId: z.string().optional().describe('Names the entry in the log of the gateway.'),
    }),
  })
  .describe('An error.');

export type Problem = z.output<typeof problemSchema>;

/** What any request can end with, whatever it asks for. */
const COMMON_STATUSES = [400, 401, 403, 429, 500] as const;

type ProblemResponses<Status extends number> = Record<Status, typeof problemSchema>;

/**
 * Responses of a route for its schema: the problems named, and those that any request can end with (400, 401, 403, 429, 500).
 *
 * @example `response: { 200: pageSchema, ...problemResponses(404, 503) }`
 */
export function problemResponses<Status extends ProblemStatus>(
  ...statuses: readonly Status[]
): ProblemResponses<Status | (typeof COMMON_STATUSES)[number]> {
  const all = [...new Set([...COMMON_STATUSES, ...statuses])];
  return Object.fromEntries(all.map((status) => [status, problemSchema])) as ProblemResponses<
    Status | (typeof COMMON_STATUSES)[number]
  >;
}

/** Where a request is wrong. */
export interface ProblemPlace {
  readonly key?: string;
  readonly value?: unknown;
  readonly allowed?: string;
}

/** A problem of a request that a route finds by itself; routes throw it, the error handler answers it. */
export class RequestProblem extends Error {
  readonly code: GatewayProblemCode;
  readonly place: ProblemPlace;

  constructor(code: GatewayProblemCode, message: string, place: ProblemPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestProblem';
    this.code = code;
    this.place = place;
  }
}

/** The answer to a problem: its status, headers that belong to it, and the body. */
export interface ProblemAnswer {
  readonly status: ProblemStatus;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

/** Seconds after which a client may ask again what cannot be answered now: a server that restarts takes about this long. */
const RETRY_AFTER_SECONDS = 5;

export function problemAnswer(
  code: GatewayProblemCode,
  message: string,
  further: ProblemPlace & { readonly requestId?: string } = {},
  headers: Readonly<Record<string, string>> = {},
): ProblemAnswer {
  const status = PROBLEM_STATUS[code];
  return {
    status,
    headers: status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS), ...headers } : headers,
    body: { error: { code, message, ...further } },
  };
}
