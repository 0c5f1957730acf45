import { h, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import type { ViewContext } from './handlers.js';
import { clock, empty, panel } from './parts.js';

type Notification = Model['notifications'][number];

export function notificationsPanel(model: Model, { nowMs }: ViewContext): Element_ {
  const { notifications, notificationsMissed } = model;
  return panel(
    'notifications',
    'Notifications',
    notificationsMissed
      ? [
          h(
            'p',
            { class: 'note' },
            'Some were sent while this page was not connected; the store has them all.',
          ),
        ]
      : [],
    notifications.length === 0
      ? empty('Nobody had to be told of anything.')
      : h(
          'ol',
          { class: 'notifications', tabindex: '0', 'aria-label': 'Notifications, newest first' },
          notifications.map((notification) => one(notification, nowMs)),
        ),
  );
}

function one({ id, level, message, instance, branch, time, detail }: Notification, nowMs: number): Element_ {
  const where = branch === null ? instance : `${instance} ${branch}`;
  return h(
    'li',
    { key: id, class: `level-${level}` },
    clock(time, nowMs),
    h('span', { class: `level level-word-${level}` }, level),
    h('strong', {}, where),
    h('span', {}, message),
    detail !== '' && detail !== message ? h('span', { class: 'detail' }, detail) : null,
  );
}
