import { ApplicationFailure } from '@temporalio/activity';
import { codeOf } from '../recording/file-error.js';
import { StepFailure } from './step-failure.js';

/** What the file system says that another attempt would hear again. */
const FILE_CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EROFS: 'read_only_storage',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
};

/** Why a step failed, as Temporal is told it: the cause as type. */
export function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof StepFailure) {
    const { cause, message, retryable, retryAfterMs } = error;
    return ApplicationFailure.create({
      type: cause,
      message,
      nonRetryable: !retryable,
      ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  const fileCause = FILE_CAUSES[codeOf(error) ?? ''];
  const type = fileCause ?? 'unknown';
  const failure = { type, message, nonRetryable: fileCause !== undefined };
  return ApplicationFailure.create(error instanceof Error ? { ...failure, cause: error } : failure);
}
