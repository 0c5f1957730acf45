/** Limits of the event stream of one process. */

/** Pause between two looks at the notifications and at the index of the instances. */
export const LOOK_INTERVAL_MS = 1_000;

/** Nobody waits longer for one look; what takes longer counts as away. */
export const LOOK_TIMEOUT_MS = 10_000;

/** Newest notifications that are kept for clients that come (again). */
export const NOTIFICATIONS_KEPT = 500;

/** Those of them that a client gets which has seen none. */
export const NOTIFICATIONS_RECENT = 50;

/** Newest jobs that are told. */
export const JOBS_TOLD = 50;

/** Listeners of one process; more are told to come again. With the streams of jobs below the connections that the gateway takes. */
export const LISTENERS_MAX = 200;
