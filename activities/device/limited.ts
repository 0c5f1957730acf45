/** Between SIGTERM and SIGKILL. */
const KILL_DELAY_S = 1;

/** What `timeout` answers when the limit was reached. */
export const LIMIT_REACHED_STATUS = 124;

/** A program with a limit of its own: it holds even when the worker that started it has been killed. */
export function limited(argv: readonly string[], limitMs: number): readonly [string, ...string[]] {
  return ['timeout', `--kill-after=${KILL_DELAY_S}`, String(limitMs / 1_000), ...argv];
}
