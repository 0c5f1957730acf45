export { SiteLimiter, type LimitedResult, type SiteLimiterOptions, type TaskReport } from './site-limiter.js';
export { siteKey } from './site-key.js';
export { DEFAULT_LIMITER_SETTINGS, type LimiterSettings } from './settings.js';
