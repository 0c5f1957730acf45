export { ALL_SOURCES } from './contract.js';
export type { CycleFailure, CycleResult, RunCycleInput, SourceStatusInput } from './contract.js';
export {
  beginCycle,
  dropCycle,
  endCycle,
  forgetSite,
  NEW_SOURCE,
  nextCycleMs,
  resetBreaker,
  scheduleOf,
  statusOf,
  type CycleEnd,
  type CycleFigures,
  type Deferral,
  type SourceMemory,
} from './memory.js';
