import type { JobPlace, JobReading, JobSource } from '../../library/jobs.js';
import { READ_TIMEOUT_MS } from './limits.js';
import { otherPlace, type Places } from './places.js';

/** A place that could not be read. */
export interface FailedRead {
  readonly place: JobPlace;
  readonly error: unknown;
}

/** What one poll found out. */
export interface Polled {
  /** Null when no place that answered knows the job, undefined when none answered. */
  readonly reading: JobReading | null | undefined;
  readonly failures: readonly FailedRead[];
}

/** Reads a job from the place that is due, and from the other one when that does not answer or does not know it. */
export async function pollJob(
  source: JobSource,
  id: string,
  afterOffset: number,
  places: Places,
  nowMs: () => number,
): Promise<Polled> {
  const first = places.next(nowMs());
  const failures: FailedRead[] = [];
  let unknown = 0;
  for (const place of [first, otherPlace(first)]) {
    try {
      const reading = await inTime(source.read(id, afterOffset, place), place);
      places.answered(place, nowMs());
      if (reading !== null) return { reading, failures };
      unknown += 1;
    } catch (error) {
      places.failed(place, nowMs());
      failures.push({ place, error });
    }
  }
  // One place that does not know it proves nothing while the other one cannot be asked.
  return { reading: unknown === 2 ? null : undefined, failures };
}

/** Looks whether the store answers; what it knows is of no interest. */
export async function checkStore(
  source: JobSource,
  id: string,
  afterOffset: number,
  places: Places,
  nowMs: () => number,
): Promise<FailedRead | null> {
  try {
    await inTime(source.read(id, afterOffset, 'store'), 'store');
    places.answered('store', nowMs());
    return null;
  } catch (error) {
    places.failed('store', nowMs());
    return { place: 'store', error };
  }
}

/** Nobody waits for a place that hangs. */
async function inTime<Result>(read: Promise<Result>, place: JobPlace): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the ${place} did not answer within ${READ_TIMEOUT_MS / 1_000} s`)),
      READ_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
    // A read that comes too late may fail as well.
    read.catch(() => undefined);
  }
}
