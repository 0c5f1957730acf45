/** Every workflow, one line each. The bundle that workers run is made from this file. */

/** Records one live stream, through every loss, until the show is over or somebody stops it. */
export { stream } from './stream.js';

/** Captures one input, encodes it once and feeds any number of outputs that fail alone. */
export { capture } from './capture.js';
/** Takes a picture of a running capture, away from the capture's own history. */
export { preview } from './preview.js';

/** Fetches one feed or page on its interval and keeps what is new, until somebody stops it. */
export { source } from './source.js';

/** Makes what somebody has asked for, such as a clip or a digest, and tells all the way how far it is. */
export { job } from './job.js';
