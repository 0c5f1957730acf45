import type { OrchestratorActivities } from '../../core/activity-contract.js';
import type { Store } from '../../store/index.js';

/** Mirrors jobs in the store, for the orchestrators. */
export function createSaveJobActivity(deps: {
  readonly store: Pick<Store, 'jobs'>;
}): Pick<OrchestratorActivities, 'saveJob'> {
  return { saveJob: ({ view, events }) => deps.store.jobs.save(view, events) };
}
