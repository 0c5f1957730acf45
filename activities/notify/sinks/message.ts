import type { AnnouncedItem } from '../../../core/announce/index.js';
import type { Level, Notification } from '../../../core/notifications.js';

/** What sinks send: the facts of a notification, or the announcement of an item. */
export interface SinkMessage {
  /** The same for every attempt: receivers may tell repetitions apart by it. */
  readonly id: string;
  readonly event: Notification['event'];
  readonly level: Level;
  /** Of an announcement: the text of its template, any number of lines. */
  readonly message: string;
  readonly instance: string;
  readonly branch: string | null;
  readonly cause: string | null;
  readonly attempt: number | null;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly detail: string;
  /** What is announced; absent for everything else. */
  readonly item?: AnnouncedItem;
}

/** An item that is sent to a sink as its source asks for. */
export interface Announcement {
  readonly id: string;
  /** e.g. `source/news`. */
  readonly instance: string;
  /** Plain text, as `renderAnnouncement` gives it. */
  readonly text: string;
  /** ISO 8601, UTC: when the item was found. */
  readonly time: string;
  readonly item: AnnouncedItem;
}

/** The facts of a message as sinks give them to other programs. */
export function factsOf(message: SinkMessage): SinkMessage {
  const { id, event, level, message: text, instance, branch, cause, attempt, time, detail, item } = message;
  return {
    id,
    event,
    level,
    message: text,
    instance,
    branch,
    cause,
    attempt,
    time,
    detail,
    ...(item !== undefined && { item }),
  };
}

/** An announcement as a message for any sink. */
export function announcementMessage(announcement: Announcement): SinkMessage {
  const { id, instance, text, time, item } = announcement;
  return {
    id,
    event: 'new_item',
    level: 'info',
    message: text,
    instance,
    branch: null,
    cause: null,
    attempt: null,
    time,
    detail: '',
    item: { title: item.title, url: item.url, published: item.published, summary: item.summary },
  };
}
