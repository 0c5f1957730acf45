/** A live source for tests and benchmarks: countable pictures over HTTP as MPEG-TS, FLV and HLS, with faults on demand. */
export type { FaultKind, FaultOptions } from './faults.js';
export type { HlsOptions } from './hls-window.js';
export { startLiveSource, type LiveSource, type LiveSourceOptions } from './live-source.js';
export { FRAMES_PER_SECOND } from './picture.js';
export { missingFrames, readFrameNumbers, type FrameRange } from './recorded-frames.js';
