import { WorkflowNotFoundError } from '@temporalio/client';
import { HoldfastError } from '../library/errors.js';
import { UnknownRecordingError } from '../recordings/index.js';
import { InvalidRequestError } from './check-request.js';
import { problemAnswer, RequestProblem, type GatewayProblemCode, type ProblemAnswer } from './problem.js';
import { isStoreAway } from './store-away.js';

/** Faults of a request that Fastify finds by itself. */
const FASTIFY_CODES: Readonly<Record<string, GatewayProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};

/**
 * The answer to an error that a route or Fastify has thrown. What is our own fault is `internal`: the client gets the
 * id of the request and nothing of the error, which belongs into the log.
 */
export function problemOfError(error: unknown, requestId: string): ProblemAnswer {
  if (error instanceof RequestProblem) return problemAnswer(error.code, error.message, error.place);
  if (error instanceof InvalidRequestError) return problemAnswer('invalid_input', error.message, error.place);
  if (error instanceof HoldfastError) return problemAnswer(error.code, error.message);
  if (error instanceof WorkflowNotFoundError) {
    return problemAnswer('unknown_instance', 'the Temporal server does not know this instance');
  }
  if (error instanceof UnknownRecordingError) {
    return problemAnswer(error.ambiguous ? 'ambiguous_instance' : 'no_recording', error.message);
  }
  if (isStoreAway(error)) {
    return problemAnswer(
      'store_unavailable',
      'the store does not answer; it is asked again with the next request',
    );
  }
  return (
    problemOfFastify(error) ??
    problemAnswer('internal', 'something went wrong here; the log says what', { requestId })
  );
}

function problemOfFastify(error: unknown): ProblemAnswer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return undefined;
  const { code, statusCode } = error as Error & { readonly code?: string; readonly statusCode: number };
  if (statusCode < 400 || statusCode >= 500) return undefined;
  return problemAnswer(FASTIFY_CODES[code ?? ''] ?? 'invalid_input', error.message);
}
