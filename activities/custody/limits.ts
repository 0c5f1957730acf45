/** Everything in custody that waits, grows or repeats has its limit here. Times in milliseconds, sizes in bytes. */
export interface CustodyLimits {
  /** How often each run is looked at: progress, stall, logs, heartbeat. */
  readonly tickIntervalMs: number;
  /** How often adopted processes are asked whether they still live; our own children tell by themselves. */
  readonly pollIntervalMs: number;
  /** How often a log is cut while a child floods it. */
  readonly floodIntervalMs: number;
  /** Time between the signals of the stop ladder: SIGINT, SIGTERM, SIGKILL. */
  readonly ladderStepMs: number;
  /** Longest time between two heartbeats of a run; a third of the activity's heartbeat timeout when that is shorter. */
  readonly heartbeatIntervalMaxMs: number;
  /** Wait before an unanswered call to the owner is repeated: the first time, and at most. */
  readonly ownerRetryMinMs: number;
  readonly ownerRetryMaxMs: number;
  /** How often the server is asked whether the owner of a dead token still exists. */
  readonly ownerCheckIntervalMs: number;
  /** How long a new owner may take to come before a run without one is stopped. */
  readonly ownerAbsentGraceMs: number;
  /** A log larger than this is cut. */
  readonly logBytesMax: number;
  /** What is kept of a log that is cut: this much of its head, once, and of its tail. */
  readonly logBytesKept: number;
  /** How long facts about an end may take before the verdict is reached without them. */
  readonly evidenceTimeoutMs: number;
  /** How long `stopRun` waits for recordings to be closed before it answers. */
  readonly finalizeWaitMs: number;
  /** Finished runs kept for each branch, and for how long. */
  readonly finishedRunsMax: number;
  readonly finishedRunAgeMaxMs: number;
}

export const DEFAULT_LIMITS: CustodyLimits = {
  tickIntervalMs: 1_000,
  pollIntervalMs: 250,
  floodIntervalMs: 50,
  ladderStepMs: 5_000,
  heartbeatIntervalMaxMs: 10_000,
  ownerRetryMinMs: 200,
  ownerRetryMaxMs: 10_000,
  ownerCheckIntervalMs: 10_000,
  ownerAbsentGraceMs: 30_000,
  logBytesMax: 1024 * 1024,
  logBytesKept: 64 * 1024,
  evidenceTimeoutMs: 1_000,
  finalizeWaitMs: 10_000,
  finishedRunsMax: 20,
  finishedRunAgeMaxMs: 7 * 86_400_000,
};

/** A heartbeat timeout for activities that were scheduled without one. */
export const HEARTBEAT_TIMEOUT_DEFAULT_MS = 30_000;
/** Each lock costs the wrapper one exec. */
export const LOCKS_MAX = 32;
/** Two stages: a reader and the tool. */
export const STAGES_MAX = 2;
