import type { JobEventBody } from '../../core/jobs/events.js';
import type { ResetBody } from './wire.js';

/** An event of a job, or what happened to the connection, as `followJob` gives it. */
export type FollowedEvent = (JobEventBody | ResetBody) & {
  /** Position in the job's log, from 1 without holes; null for what is not part of the log. */
  readonly offset: number | null;
  /** When it happened. ISO 8601, UTC. */
  readonly time: string;
  /** `client`: found out here, e.g. that the connection was closed. */
  readonly origin: 'server' | 'client';
};

/** An `error` event. */
export type FollowedError = Extract<FollowedEvent, { type: 'error' }>;

const EVENT_TYPES: ReadonlySet<string> = new Set<FollowedEvent['type']>([
  'status',
  'progress',
  'artifact',
  'log',
  'error',
  'done',
  'reset',
]);

/** Reads the data of one message; null when it is no event of a job stream, e.g. of a newer version. */
export function parseFollowedEvent(id: string | undefined, data: string): FollowedEvent | null {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null || !('type' in body)) return null;
  if (typeof body.type !== 'string' || !EVENT_TYPES.has(body.type)) return null;
  const time = 'time' in body && typeof body.time === 'string' ? body.time : new Date().toISOString();
  return { ...(body as JobEventBody | ResetBody), offset: parseOffset(id), time, origin: 'server' };
}

/** An offset as an `id:` or a header carries it; null when it is none. */
export function parseOffset(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return null;
  return Number(text);
}

/** Something that this side found out. */
export function clientEvent(body: JobEventBody): FollowedEvent {
  return { ...body, offset: null, time: new Date().toISOString(), origin: 'client' };
}
