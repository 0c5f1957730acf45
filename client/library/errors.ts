/** What can be wrong when a person or program asks something of holdfast. */
export type ProblemCode =
  | 'unreachable'
  | 'refused'
  | 'not_set_up'
  | 'timed_out'
  | 'no_worker'
  | 'unknown_instance'
  | 'ambiguous_instance'
  | 'not_running'
  | 'no_picture'
  | 'rejected'
  | 'invalid_input'
  | 'server_error';

/** An error with a message for a person; `code` is for programs. */
export class HoldfastError extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HoldfastError';
    this.code = code;
  }
}
