/** Why a step of a job could not be made. */
export class StepFailure extends Error {
  /** A word for programs, e.g. `not_recorded`, `storage_full`. */
  override readonly cause: string;
  /** Another attempt may help. */
  readonly retryable: boolean;
  /** Another attempt is of no use before this has passed, e.g. because a server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(cause: string, message: string, retryable: boolean, retryAfterMs?: number) {
    super(message);
    this.name = 'StepFailure';
    this.cause = cause;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}
