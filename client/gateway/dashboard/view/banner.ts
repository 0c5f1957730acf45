import { humanDuration } from '../../../cli/view/words.js';
import { h, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import type { EventPlace } from '../../events/event-words.js';

const PLACES: Readonly<Record<EventPlace, string>> = {
  server: 'The Temporal server',
  store: 'The store',
  jobs: 'The store of the jobs',
};

/** Says plainly when what is shown may no longer be so: nothing is shown as if it were live when it is not. */
export function banners(model: Model, nowMs: number): Element_ {
  const { connection, connectionSinceMs, connectionProblem, away } = model;
  const lost =
    connection === 'lost'
      ? [
          h(
            'p',
            { class: 'banner banner-lost', key: 'lost' },
            h('strong', {}, 'Connection to the gateway lost'),
            ` since ${clockOf(connectionSinceMs)} (${humanDuration(nowMs - connectionSinceMs)}). `,
            'What you see is from before; the recordings do not depend on this page. Trying again. ',
            h('span', { class: 'reason' }, connectionProblem),
          ),
        ]
      : [];
  const places = [...away].map(([place, { message, since }]) =>
    h(
      'p',
      { class: 'banner', key: place },
      h('strong', {}, `${PLACES[place]} cannot be read`),
      ` since ${clockOf(Date.parse(since))} (${humanDuration(nowMs - Date.parse(since))}): ${message}`,
    ),
  );
  return h('div', { id: 'banners', key: 'banners' }, [...lost, ...places]);
}

/** What the header says of the connection. */
export function connectionWord({ connection }: Model): Element_ {
  const words = { connecting: 'connecting', live: 'live', lost: 'connection lost' } as const;
  return h('span', { class: `connection connection-${connection}` }, words[connection]);
}

function clockOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}
