export { CYCLE_OUTCOMES, isGood, type CycleOutcome, type CycleRecord } from './cycle.js';
export { describeAlerts, describeOwnOutage, type AlertText } from './describe.js';
export { errorPatterns, latencyPercentiles, successRate } from './figures.js';
export type { ErrorPattern, Latency, SuccessRate } from './figures.js';
export { GROUP_WITHIN_MS, NO_ALERTS, stepGrouping } from './grouping.js';
export type { AlertGroup, Grouping, GroupingInput, GroupingStep } from './grouping.js';
export {
  CANARY_FRESH_MS,
  hasReached,
  OBSERVATION_FRESH_MS,
  ONLINE,
  OWN_OUTAGE_NAME,
  stepOwnOutage,
} from './own-outage.js';
export type { CanaryResult, Observation, OutageEvidence, OwnOutage } from './own-outage.js';
export { MONTH_MS, sourceHealth, type SourceFacts, type SourceHealth } from './report.js';
export { mergeRollups, rollupOf, SPAN_MS, spanStart, type Rollup } from './rollup.js';
export { sourceState, UNTRIED, type SourceState, type SourceStatus } from './status.js';
export { stepWatch, UNWATCHED, watchRules } from './watch.js';
export type { SourceAlert, Watch, WatchedCycle, WatchRules } from './watch.js';
