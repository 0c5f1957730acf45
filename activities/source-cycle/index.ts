import type { OrchestratorActivities, SourceActivities } from '../../core/activity-contract.js';
import type { Store } from '../../store/index.js';
import type { CycleDeps } from './deps.js';
import { runCycle } from './run-cycle.js';

export type { CycleDeps } from './deps.js';
export { Canaries } from './own-outage/canaries.js';
export { OutageWatch } from './own-outage/outage-watch.js';
export { runCycle } from './run-cycle.js';
export { startAlertMonitor, type AlertMonitor } from './alert-monitor.js';

/** Cycles of sources, for the fetchers. */
export function createSourceActivities(deps: CycleDeps): SourceActivities {
  return { runCycle: (input) => runCycle(input, deps) };
}

/** What sources say of themselves between their cycles, for the orchestrators. */
export function createSourceStatusActivities(deps: {
  readonly store: Pick<Store, 'sources'>;
}): Pick<OrchestratorActivities, 'saveSourceStatus'> {
  return { saveSourceStatus: ({ source, status }) => deps.store.sources.saveStatus(source, status) };
}
