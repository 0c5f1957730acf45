import { h, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import { connectionWord } from './banner.js';
import type { ViewContext } from './handlers.js';

const SECTIONS = [
  ['instances', 'Instances'],
  ['sources', 'Sources'],
  ['jobs', 'Jobs'],
  ['incidents', 'Incidents'],
  ['notifications', 'Notifications'],
] as const;

const THEMES = ['auto', 'light', 'dark'] as const;

export function header(model: Model, theme: string, withToken: boolean, { handlers }: ViewContext): Element_ {
  const onTheme = (event: Event): void => handlers.onTheme((event.target as HTMLSelectElement).value);
  return h(
    'header',
    { class: 'top', key: 'header' },
    h('h1', {}, 'holdfast'),
    connectionWord(model),
    h(
      'nav',
      { 'aria-label': 'Panels' },
      SECTIONS.map(([id, title]) => h('a', { href: `#${id}` }, title)),
      webUi(model),
    ),
    h(
      'label',
      { class: 'theme' },
      'Theme ',
      h(
        'select',
        { change: onTheme, id: 'theme' },
        THEMES.map((each) => h('option', { value: each, selected: each === theme }, each)),
      ),
    ),
    withToken && h('button', { type: 'button', click: () => handlers.onForgetToken() }, 'Forget token'),
  );
}

function webUi({ about }: Model): Element_ | null {
  if (about?.uiUrl === null || about === null) return null;
  const href = `${about.uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(about.namespace)}/workflows`;
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, 'Temporal Web UI');
}
