export { effectiveIntervalMs, nextAttemptMs, returnAtMs, type Waiting } from './attempt.js';
export { placeWithin } from './phase.js';
export { nextTickMs, type Schedule } from './ticks.js';
