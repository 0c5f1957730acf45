/**
 * Process custody: a process outlives its worker. What workers and the handlers of recipes need of it is exported here.
 *
 * Reading order: `handler.ts` (what a handler promises), `custody.ts` (the whole), `lead-keeper.ts` and `recovery.ts` (one
 * custodian, and what it finds), `admission.ts` and `start-run.ts` (a run begins), `wrapper.sh` (around its processes),
 * `supervise.ts` (while it lives), `stop-run.ts` (the ladder), `conclude.ts`, `judge.ts` and `settle.ts` (it has ended),
 * `owner-care.ts` and `report.ts` (its workflow), `run-records.ts` and `slot-file.ts` (what is on disk).
 */
export { createCustody, type Custody, type CustodyOptions, type RunSnapshot } from './custody.js';
export { type CustodyActivities, type CustodyOperations } from './custody-activities.js';
export { type CustodyLimits, DEFAULT_LIMITS } from './limits.js';
export { type Lease, type OwnerPort, type RunStarted, type TaskToken } from './owner.js';
export { type Classify, type CustodyLogger } from './services.js';
export { createTemporalOwner, RUN_STARTED_SIGNAL } from './temporal-owner.js';
