export { probeSignal } from './probe.js';
export { createWatchSignal, type WatchSignalOptions } from './watch-signal.js';
