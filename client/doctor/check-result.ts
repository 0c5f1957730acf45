/** How a check went: `warning` is for what only some uses need. */
export type CheckStatus = 'ok' | 'warning' | 'failed';

/** One line of `holdfast doctor`. */
export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, in a few words. */
  readonly detail: string;
  /** What to do about it; null when there is nothing to do. */
  readonly mend: string | null;
}

export function ok(name: string, detail: string): CheckResult {
  return { name, status: 'ok', detail, mend: null };
}

/** Something is missing: a failure where it is needed, otherwise a warning. */
export function problem(name: string, detail: string, mend: string, isRequired: boolean): CheckResult {
  return { name, status: isRequired ? 'failed' : 'warning', detail, mend };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
