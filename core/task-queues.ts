/** Workflow tasks and the orchestrator's own activities. */
export const ORCHESTRATOR_TASK_QUEUE = 'holdfast';
/** Fetching and resolving. */
export const FETCH_TASK_QUEUE = 'holdfast-fetch';
/** Polled by every device host; whoever takes a placement task gets the instance. */
export const DEVICE_TASK_QUEUE = 'holdfast-device';

/** Device activities of one host. */
export function hostTaskQueue(host: string): string {
  return `holdfast-host-${host}`;
}
