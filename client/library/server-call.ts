import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { HoldfastError } from './errors.js';

/** A healthy server answers in milliseconds; longer means that something is down. */
export const CALL_DEADLINE_MS = 10_000;

/** gRPC status codes that get words of their own. */
const GRPC = {
  invalidArgument: 3,
  cancelled: 1,
  deadlineExceeded: 4,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/**
 * Makes calls to the Temporal server that end in time.
 * @param what the task in words, for the error: `list instances`
 * @throws {HoldfastError} when the server refuses, cannot be reached or does not answer in time.
 *   `WorkflowNotFoundError` and errors of other kinds pass through as they are.
 */
export async function callServer<Result>(
  client: Client,
  what: string,
  run: () => Promise<Result>,
  deadlineMs: number = CALL_DEADLINE_MS,
): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, run);
  } catch (error) {
    throw serverProblem(error, what, deadlineMs) ?? error;
  }
}

/** Puts an error of the Temporal client into words; undefined when it is none that has any. */
export function serverProblem(error: unknown, what: string, deadlineMs: number): HoldfastError | undefined {
  if (error instanceof WorkflowNotFoundError || error instanceof HoldfastError) return undefined;
  if (error instanceof WorkflowUpdateFailedError) {
    return new HoldfastError('rejected', (error.cause ?? error).message, { cause: error });
  }
  const seconds = Math.round(deadlineMs / 100) / 10;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error)) {
    return new HoldfastError('timed_out', `cannot ${what}: no answer within ${seconds} s`, { cause: error });
  }
  const status = grpcStatusOf(error);
  if (status === undefined) return undefined;
  switch (status.code) {
    // Only our own deadline cancels a call; on a busy machine its news may come as either.
    case GRPC.cancelled:
    case GRPC.deadlineExceeded:
      return new HoldfastError('timed_out', `cannot ${what}: no answer within ${seconds} s`, {
        cause: error,
      });
    case GRPC.unavailable:
      return new HoldfastError('unreachable', `cannot ${what}: the Temporal server does not answer`, {
        cause: error,
      });
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return new HoldfastError('refused', `cannot ${what}: the Temporal server refused: ${status.details}`, {
        cause: error,
      });
    case GRPC.failedPrecondition:
      return new HoldfastError('no_worker', `cannot ${what}: ${status.details}`, { cause: error });
    case GRPC.invalidArgument:
      if (/search attribute/i.test(status.details)) {
        return new HoldfastError(
          'not_set_up',
          `cannot ${what}: the search attributes are missing; run \`holdfast setup\` once (${status.details})`,
          { cause: error },
        );
      }
      break;
  }
  return new HoldfastError('server_error', `cannot ${what}: ${status.details}`, { cause: error });
}

/** The client wraps some gRPC errors: the status is then in a cause. */
function grpcStatusOf(error: unknown): { code: number; details: string } | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (isGrpcServiceError(current)) {
      return { code: current.code, details: current.details || current.message };
    }
    current = current.cause;
  }
  return undefined;
}
