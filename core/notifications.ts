import { MEDIA_CAUSES, type HttpCause, type MediaCause } from './causes.js';
import { describeAlerts, describeOwnOutage, type AlertGroup, type AlertText } from './source-health/index.js';

export const LEVELS = ['info', 'success', 'warning', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Something a person may want to know. The id makes delivery idempotent. */
export interface Notification {
  /** `<workflow id>:<run id of the first execution>:<increasing number>`. */
  readonly id: string;
  readonly event: NotificationEvent['event'];
  readonly level: Level;
  readonly message: string;
  readonly instance: string;
  readonly branch: string | null;
  readonly cause: MediaCause | HttpCause | null;
  readonly attempt: number | null;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The decisive evidence, for the curious. */
  readonly detail: string;
}

/** Everything that is worth a notification, with the facts its text needs. */
export type NotificationEvent =
  | { readonly event: 'retry_started' }
  | { readonly event: 'retry_succeeded' }
  | { readonly event: 'retries_exhausted'; readonly attempts: number }
  | { readonly event: 'fatal'; readonly cause: MediaCause; readonly detail: string }
  | { readonly event: 'signal_lost' }
  | { readonly event: 'signal_restored' }
  | {
      readonly event: 'branch_stopped';
      readonly what: string;
      readonly cause: MediaCause;
      readonly rest: string | null;
    }
  | { readonly event: 'storage_low'; readonly detail: string }
  /** The announcement of an item: goes to the sinks that its source names and to no other. */
  | { readonly event: 'new_item'; readonly title: string }
  | { readonly event: 'waiting_host'; readonly host: string }
  | { readonly event: 'host_back'; readonly host: string }
  /** Alerts of sources that came together. */
  | { readonly event: SourceAlertEvent; readonly group: AlertGroup }
  /** We are offline ourselves; instants in epoch milliseconds. */
  | { readonly event: 'offline'; readonly sinceMs: number }
  | { readonly event: 'online'; readonly sinceMs: number; readonly endedMs: number };

/** What a group of alerts is about. */
export type SourceAlertEvent =
  | 'source_down'
  | 'source_up'
  | 'source_rate_low'
  | 'source_rate_normal'
  | 'source_silent'
  | 'source_silence_over'
  | 'sources_down'
  | 'sources_up';

/** Level and text of an event: the table of the contract. */
export function describeEvent(event: NotificationEvent): { level: Level; message: string } {
  switch (event.event) {
    case 'retry_started':
      return { level: 'info', message: 'Connection lost, retrying...' };
    case 'retry_succeeded':
      return { level: 'success', message: 'Reconnected successfully' };
    case 'retries_exhausted':
      return {
        level: 'error',
        message: `Failed after ${event.attempts} attempt${event.attempts === 1 ? '' : 's'}`,
      };
    case 'fatal':
      return { level: 'error', message: `${MEDIA_CAUSES[event.cause].description} ${event.detail}`.trim() };
    case 'signal_lost':
      return { level: 'warning', message: 'HDMI signal lost, waiting...' };
    case 'signal_restored':
      return { level: 'info', message: 'HDMI signal detected' };
    case 'branch_stopped': {
      const rest = event.rest === null ? '' : `, ${event.rest}`;
      return {
        level: 'warning',
        message: `${event.what} stopped: ${event.cause.replaceAll('_', ' ')}${rest}`,
      };
    }
    case 'storage_low':
      return { level: 'info', message: `Storage runs low: ${event.detail}` };
    case 'new_item':
      return { level: 'info', message: event.title };
    case 'waiting_host':
      return { level: 'warning', message: `Host ${event.host} does not answer, waiting...` };
    case 'host_back':
      return { level: 'info', message: `Host ${event.host} is back` };
    case 'offline':
      return levelAndMessage(describeOwnOutage(event.sinceMs, null));
    case 'online':
      return levelAndMessage(describeOwnOutage(event.sinceMs, event.endedMs));
    default:
      return levelAndMessage(describeAlerts(event.group));
  }
}

function levelAndMessage({ level, message }: AlertText): { level: Level; message: string } {
  return { level, message };
}
