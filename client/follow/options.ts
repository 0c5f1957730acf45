import { HEARTBEAT_MS } from './wire.js';

export interface FollowOptions {
  /** Ends the following; the iteration then ends without an error. */
  readonly signal?: AbortSignal;
  /** The last offset that was seen before; 0, the default, gives all that the log still has. */
  readonly lastEventId?: number;
  /** The function that makes requests. Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Sent with each request, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Silence, without even a heartbeat, that is taken for a dead connection. Default: three heartbeats, 45 s. */
  readonly silenceMs?: number;
  /** Heartbeats without an event for this long make us ask whether the job is over. Default 60 s. */
  readonly quietMs?: number;
  /** Failures in a row after which we ask whether the job is over. Default 3. */
  readonly failuresBeforeLookup?: number;
  /** Pause before a reconnect in milliseconds, for the number of failures in a row and what the server asked for. Default 1 to 30 s. */
  readonly reconnectDelayMs?: (failures: number, retryMs: number) => number;
}

/** A peer that misses this many heartbeats is dead. */
const HEARTBEATS_MISSED_MAX = 3;

export const SILENCE_MS_DEFAULT = HEARTBEATS_MISSED_MAX * HEARTBEAT_MS;
export const QUIET_MS_DEFAULT = 60_000;
export const FAILURES_BEFORE_LOOKUP_DEFAULT = 3;
