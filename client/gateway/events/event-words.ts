import { z } from 'zod';
import type { JobView } from '../../../core/jobs/index.js';
import type { StoredNotification } from '../../../store/index.js';
import type { InstanceSummary } from '../../library/list-instances.js';

/** Where live events come from. */
export const EVENT_PLACES = ['server', 'store', 'jobs'] as const;
export type EventPlace = (typeof EVENT_PLACES)[number];

/** What the `data:` of an event of `/api/events` holds. */
export type LiveEvent =
  /** With an `id`: the cursor of the client. */
  | { readonly type: 'notification'; readonly notification: StoredNotification }
  /** All of them: at the beginning, and when the client has missed something. */
  | { readonly type: 'instances'; readonly instances: readonly InstanceSummary[] }
  /** One is new, or has changed. */
  | { readonly type: 'instance'; readonly instance: InstanceSummary }
  | { readonly type: 'instance_gone'; readonly id: string }
  /** The newest jobs: at the beginning, and when the client has missed something. */
  | { readonly type: 'jobs'; readonly jobs: readonly JobView[] }
  /** A job is new, or has changed. Its progress comes some seconds late here: its own stream has it at once. */
  | { readonly type: 'job'; readonly job: JobView }
  /** Notifications after the last one that the client has seen are no longer kept here; those that are follow. */
  | { readonly type: 'notifications_missed' }
  /** A place cannot be read: what was told of it grows old. */
  | { readonly type: 'away'; readonly place: EventPlace; readonly message: string; readonly since: string }
  | { readonly type: 'back'; readonly place: EventPlace };

/** How the stream is described to programs. */
export const liveEventsSchema = z
  .string()
  .describe(
    'Server-Sent Events without a name. Their data is JSON with a `type`: `notification` (with an `id` to go on from), `instances` (all), `instance` (new or changed), `instance_gone`, `jobs` (the newest), `job` (new or changed), `notifications_missed`, `away` and `back` (the server, the store or the jobs).',
  );
