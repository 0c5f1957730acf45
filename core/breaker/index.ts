export { openDurationMs } from './duration.js';
export { breakerRules, CLOSED, type Breaker, type BreakerRules } from './state.js';
export { attemptsAllowed, mayAsk, stepBreaker, type BreakerEvent } from './step.js';
