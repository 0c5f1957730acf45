/**
 * What the Temporal server is told about timers: without these it adds about a second to short timers and up to
 * 50 ms to each dispatch. `deploy/dynamicconfig/holdfast.yaml` says the same for the compose file.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, string | number>> = {
  'history.timerProcessorMaxTimeShift': '10ms',
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
};
