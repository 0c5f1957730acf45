import { classify } from '../../core/classify/index.js';
import type { ResolveActivities } from '../../core/activity-contract.js';
import {
  createResolveActivities as createWithClassifier,
  type ResolveActivitiesOptions as OptionsWithClassifier,
} from './resolve-activities.js';
import type { Classifier } from './classifier.js';

export { createAwaitSource, type AwaitSourceOptions } from './await-source/index.js';
export { SiteLimiter, siteKey, type LimiterSettings, type SiteLimiterOptions } from './limiter/index.js';

export type ResolveActivitiesOptions = Omit<OptionsWithClassifier, 'classify'> & {
  /** What a failing command or tool has printed is explained by the failure catalogue unless told otherwise. */
  readonly classify?: Classifier;
};

/** The resolvers of streams as Temporal activities, for the fetchers. */
export function createResolveActivities(options: ResolveActivitiesOptions): ResolveActivities {
  return createWithClassifier({ classify, ...options });
}
