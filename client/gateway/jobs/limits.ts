/** Limits of the job streams of one process. */

/** Pause between two reads of a job. */
export const POLL_INTERVAL_MS = 500;

/** What a reader has read is given out for this long: a job is read once for all who ask, whether they follow it or look at it. */
export const VIEW_FRESH_MS = 2 * POLL_INTERVAL_MS;

/** A read that takes longer counts as failed: the other place is asked meanwhile. */
export const READ_TIMEOUT_MS = 5_000;

/** A place that failed is asked again after this long, as long as the other one answers. */
export const PLACE_RETRY_MS = 5_000;

/** While the workflow answers, the store is looked at this often: what is kept there would be lost silently otherwise. */
export const STORE_CHECK_INTERVAL_MS = 4_000;

/** Between two `[STREAM_POLL]` lines of a job, and between two `[STREAM_ERROR]` lines about the same thing. */
export const LOG_INTERVAL_MS = 10_000;

/** A job is read on for a moment after its last client went: reconnects find it as it was. */
export const LINGER_MS = 5_000;

/** Reads in a row that do not know a job that was known, before it counts as gone. */
export const GONE_READS = 2;

/** A request for a stream is answered after this long at the latest, with what is known by then. */
export const FIRST_READING_MS = 11_000;
