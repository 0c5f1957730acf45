/** Following of jobs over HTTP, for Node and browsers alike: nothing here needs either. */
export { followJob } from './follow-job.js';
export type { FollowedError, FollowedEvent } from './followed-event.js';
export type { FollowOptions } from './options.js';
export { reconnectDelayMs } from './reconnect-delay.js';
export { describeStreamError, STREAM_CLOSED, STREAM_TIMEOUT, type StreamProblem } from './stream-errors.js';
export { frameOf, HEARTBEAT_MS, RETRY_MS, type ResetBody, type WireBody } from './wire.js';
