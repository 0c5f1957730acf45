import { workflowInfo } from '@temporalio/workflow';

/** A history is continued as a new one at this length at the latest; the server warns at 10,240 events. */
const HISTORY_EVENTS_MAX = 3_500;

/** True when the next quiet moment is the one to begin a new history. */
export function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_MAX;
}
