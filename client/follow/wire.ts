import type { JobEvent, JobEventBody } from '../../core/jobs/events.js';
import type { JobView } from '../../core/jobs/view.js';

/** A comment comes this often on a quiet stream, so that proxies keep it open and readers know that it lives. */
export const HEARTBEAT_MS = 15_000;

/** Pause before a reconnect that the server asks its clients for. */
export const RETRY_MS = 2_000;

/** Sent instead of events that the log no longer has: what is known now. Its `id` is the offset before the next event. */
export interface ResetBody {
  readonly type: 'reset';
  readonly job: JobView;
  /** Offsets that the client will never see; null when its cursor was of another life of the job. */
  readonly missed: { readonly from: number; readonly to: number } | null;
}

/** What the `data:` of an event of the job stream holds. */
export type WireBody = (JobEventBody | ResetBody) & { readonly time: string };

/** An event of a job as it goes over the wire. */
export function wireBodyOf(event: JobEvent): WireBody {
  return { ...event.body, time: event.time };
}

/**
 * One event in the text of Server-Sent Events.
 * @param offset becomes the `id:`; null sends none, so that the cursor of the client stays where it is.
 */
export function frameOf(offset: number | string | null, body: object): string {
  const id = offset === null ? '' : `id: ${offset}\n`;
  return `${id}data: ${JSON.stringify(body)}\n\n`;
}
