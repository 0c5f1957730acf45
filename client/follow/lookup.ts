import { isJobOver } from '../../core/jobs/events.js';
import type { JobView } from '../../core/jobs/view.js';
import { answerErrorOf, type Requests } from './requests.js';

/** A healthy gateway answers in milliseconds; longer means that it cannot say either. */
const LOOKUP_TIMEOUT_MS = 10_000;

/**
 * Asks for a job outside of its stream.
 * @returns null when nobody can say at present.
 * @throws {AnswerError} when the answer is final, e.g. the job is unknown.
 */
export async function lookUpJob(url: string, requests: Requests): Promise<JobView | null> {
  const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS);
  const signal = requests.signal === undefined ? timeout : AbortSignal.any([requests.signal, timeout]);
  let response: Response;
  try {
    response = await requests.fetch(url, {
      headers: { accept: 'application/json', ...requests.headers },
      signal,
    });
    if (response.ok) return (await response.json()) as JobView;
  } catch {
    return null;
  }
  const problem = await answerErrorOf(response);
  if (problem.final) throw problem;
  return null;
}

/** A job that is over, or null. */
export function overOrNull(job: JobView | null): JobView | null {
  return job !== null && isJobOver(job.status) ? job : null;
}

/** What a job that is over says of itself. */
export function lastWords(job: JobView): string {
  return job.error?.message ?? `the job is ${job.status}`;
}
