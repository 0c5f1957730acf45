/** The command line or the configuration is wrong: exit status 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** Exit statuses of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Errors of wrong usage or configuration, by name, because their classes are loaded only where they are needed. */
const USAGE_ERROR_NAMES = new Set(['UsageError', 'ConfigErrors', 'ConnectionConfigError']);

/** Exit status for an error that ended a command. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof Error)) return EXIT.failed;
  if (USAGE_ERROR_NAMES.has(error.name)) return EXIT.usage;
  return 'code' in error && error.code === 'invalid_input' ? EXIT.usage : EXIT.failed;
}

/** The error in one clear line, or several where each is a finding of its own. The stack only on request. */
export function describeError(error: unknown, env: NodeJS.ProcessEnv): string {
  if (!(error instanceof Error)) return String(error);
  if ((env['HOLDFAST_DEBUG'] ?? '') !== '') return error.stack ?? error.message;
  if (error.name === 'TemporalUnreachableError' && 'address' in error && 'origin' in error) {
    return `no Temporal server at ${String(error.address)} (${String(error.origin)}); start one with \`holdfast up\` or set TEMPORAL_ADDRESS`;
  }
  return error.message;
}
