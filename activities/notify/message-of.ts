import { renderAnnouncement, type TextLimit } from '../../core/announce/index.js';
import type { ClaimedDelivery } from '../../store/index.js';
import { announcementMessage, type SinkMessage } from './sinks/index.js';

/** What a sink is given for a delivery: the notification, or the text with which its source announces an item. */
export function messageOf(delivery: ClaimedDelivery, limit: TextLimit): SinkMessage {
  const { notification, announcement } = delivery;
  if (announcement === null) return notification;
  const { item, template, source } = announcement;
  const { id, instance, time } = notification;
  return announcementMessage({
    id,
    instance,
    time,
    item,
    text: renderAnnouncement(template, item, source, limit),
  });
}
