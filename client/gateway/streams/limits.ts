/** Limits of all event streams of one process. */

/** Frames that a stream keeps for its clients: as many as the log of a job has. */
export const WINDOW_FRAMES_MAX = 1_000;

/** Characters of those: streamed text and details may be long. */
export const WINDOW_CHARACTERS_MAX = 4_000_000;

/** A client that takes nothing for this long, with data waiting, is dropped. */
export const BLOCKED_MS_MAX = 30_000;

/** Streams of one kind unless it says otherwise; more are told to come again. Leaves connections for other requests. */
export const STREAMS_MAX = 800;
