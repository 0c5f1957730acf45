/**
 * What the Temporal server is told. About timers: without these it adds about a second to short timers and up to 50 ms to each dispatch.
 * About task queues: by itself it splits each into four, for clusters that give out thousands of tasks a second, and hands tasks and
 * polls on between them, which costs a twentieth of its CPU here. `deploy/dynamicconfig/holdfast.yaml` says the same for the compose file.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, string | number>> = {
  'history.timerProcessorMaxTimeShift': '10ms',
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};
