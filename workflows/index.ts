/** Every workflow, one line each. The bundle that workers run is made from this file. */

/** Records one live stream, through every loss, until the show is over or somebody stops it. */
export { stream } from './stream.js';
