/** Facts about a failed read, for the `end` event. */
export interface FailureFacts {
  readonly errorCode?: string;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
}

/** Reading cannot go on. The facts say why; the message is for people and holds no query strings. */
export class ReaderFailure extends Error {
  readonly facts: FailureFacts;
  constructor(message: string, facts: FailureFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReaderFailure';
    this.facts = facts;
  }
}

/** The program that reads our output is gone. */
export class OutputClosed extends Error {
  constructor() {
    super('the output was closed');
    this.name = 'OutputClosed';
  }
}

/** We were asked to stop. */
export class StopRequested extends Error {
  constructor() {
    super('stopped on request');
    this.name = 'StopRequested';
  }
}

/** The system or library code of an error, looking into aggregates (one error for each address that was tried). */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return errorCodeOf(error.errors[0]);
  return undefined;
}

/** An address fit for messages: no credentials, no query. */
export function printableUrl(url: string | URL): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
