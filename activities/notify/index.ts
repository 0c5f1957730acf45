import type { OrchestratorActivities } from '../../core/activity-contract.js';
import type { Store } from '../../store/index.js';

export { startDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.js';

/** Activities that keep notifications. Sinks are fed from the store by `startDispatcher` and delay nobody. */
export function createNotifyActivities(deps: {
  readonly store: Pick<Store, 'recordNotifications'>;
}): Pick<OrchestratorActivities, 'recordNotifications'> {
  return { recordNotifications: (notifications) => deps.store.recordNotifications(notifications) };
}
