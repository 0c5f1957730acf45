import { h, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import { banners } from './banner.js';
import type { ViewContext } from './handlers.js';
import { header } from './header.js';
import { incidentsPanel } from './incidents.js';
import { instancesPanel } from './instances.js';
import { jobsPanel } from './jobs.js';
import { notificationsPanel } from './notifications.js';
import { sourcesPanel } from './sources.js';

/** The whole page as it is now. */
export function page(
  model: Model,
  { theme, withToken }: { readonly theme: string; readonly withToken: boolean },
  context: ViewContext,
): Element_[] {
  return [
    header(model, theme, withToken, context),
    h(
      'main',
      { key: 'main', id: 'main', tabindex: '-1' },
      banners(model, context.nowMs),
      instancesPanel(model, context),
      sourcesPanel(model, context),
      jobsPanel(model, withToken, context),
      incidentsPanel(model, context),
      notificationsPanel(model, context),
    ),
  ];
}
