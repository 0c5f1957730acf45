export { isPrivateAddress } from './address-guard.js';
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
export { validatorsToSend } from './validators.js';
