import { isJobOver, JOB_STATES, type JobState, type JobView } from '../../../core/jobs/index.js';
import type { JobQuery } from '../../../store/index.js';
import { eachConcurrently } from '../each-concurrently.js';
import { listInstances, type InstanceSummary } from '../list-instances.js';
import type { JobPlaces } from './deps.js';
import { readJobAnywhere } from './read-job.js';

/** Jobs that an answer has at most, whatever is asked for. */
const LIMIT_MAX = 1_000;
const LIMIT_USUAL = 100;
/** Jobs that the store does not know (yet) are asked themselves, so many at once. */
const ASKED_AT_ONCE = 8;

/**
 * Jobs, the newest first: what the store knows, and what only the server knows because it has just begun or because there is no
 * store to read.
 */
export async function listJobs(places: JobPlaces, query: JobQuery = {}): Promise<JobView[]> {
  const limit = Math.min(query.limit ?? LIMIT_USUAL, LIMIT_MAX);
  const [indexed, stored] = await Promise.all([
    listInstances(places.client, { kind: 'job' }),
    places.store?.list({ ...query, limit }) ?? [],
  ]);
  const known = new Map(stored.map((view) => [view.id, view]));
  const asked = newestFirst(indexed)
    .slice(0, limit)
    .filter((summary) => isBehind(known.get(summary.id), summary));
  await eachConcurrently(asked, ASKED_AT_ONCE, async (summary) => {
    const view = await viewOf(places, summary);
    if (view !== null) known.set(summary.id, view);
  });
  return [...known.values()]
    .filter((view) => query.kind === undefined || view.kind === query.kind)
    .filter((view) => query.status === undefined || view.status === query.status)
    .sort((left, right) => right.createdAt.localeCompare(left.createdAt) || left.id.localeCompare(right.id))
    .slice(0, limit);
}

/** The store does not know it, or not that it has ended, or that it was started again. */
function isBehind(view: JobView | undefined, summary: InstanceSummary): boolean {
  return view === undefined || summary.open === isJobOver(view.status);
}

async function viewOf(places: JobPlaces, { id }: InstanceSummary): Promise<JobView | null> {
  try {
    return (await readJobAnywhere(places, id, Number.MAX_SAFE_INTEGER))?.view ?? null;
  } catch {
    return null;
  }
}

function newestFirst(list: readonly InstanceSummary[]): InstanceSummary[] {
  return [...list].sort((left, right) => right.startedAt.localeCompare(left.startedAt));
}

/** True for a word that is a state of a job. */
export function isJobState(word: string): word is JobState {
  return JOB_STATES.some((state) => state === word);
}
