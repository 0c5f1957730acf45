export { isPrivateAddress } from './address-guard.js';
export { AttemptFailure } from './attempt-failure.js';
export { unpack } from './content-encoding.js';
export { fetchOnce } from './fetch-once.js';
export { politeFetch, type PoliteFetchDeps } from './polite-fetch.js';
export { rateKeyOf } from './rate-key.js';
export type {
  FailedFetch,
  FetchDeps,
  FetchLimits,
  FetchOutcome,
  FetchRequest,
  FetchTimings,
  RobotsGate,
  RobotsVerdict,
  Validators,
} from './request.js';
export { RobotsRules } from './robots.js';
export { sourceRequest, type SourceRequestOptions } from './source-request.js';
export { userAgentOf } from './user-agent.js';
export { validatorsToSend } from './validators.js';
