import { StreamError } from './stream-errors.js';

/** What requests of one following have in common. */
export interface Requests {
  readonly fetch: typeof fetch;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the following. */
  readonly signal: AbortSignal | undefined;
}

/** Answers that another try cannot change: the job is unknown, or we may not see it. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 406, 410, 414, 422, 431]);

/** Longest error text read from an answer. */
const PROBLEM_CHARACTERS_MAX = 2_000;

/** An answer that is no stream and no job. */
export class AnswerError extends StreamError {
  readonly status: number;
  /** Pause that the server asks for; null when it does not. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, response: Response) {
    super(code, message, { status: response.status });
    this.name = 'AnswerError';
    this.status = response.status;
    this.retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'));
  }

  /** True when trying again is of no use. */
  get final(): boolean {
    return FINAL_STATUSES.has(this.status);
  }
}

/** Reads why the server did not give what was asked for, and lets go of its answer. */
export async function answerErrorOf(response: Response): Promise<AnswerError> {
  const text = await response.text().catch(() => '');
  const problem = problemIn(text);
  const code = problem?.code ?? `HTTP_${response.status}`;
  const message = problem?.message ?? `the server answered ${response.status} ${response.statusText}`.trim();
  return new AnswerError(code, message, response);
}

function problemIn(text: string): { code: string; message: string } | null {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    if (typeof error?.code !== 'string' || typeof error.message !== 'string') return null;
    return { code: error.code, message: error.message.slice(0, PROBLEM_CHARACTERS_MAX) };
  } catch {
    return null;
  }
}

function retryAfterMsOf(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
