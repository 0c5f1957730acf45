import { h, type Element_ } from '../dom/node.js';
import { actionKey, actionsFor, workflowAddress, type InstanceAction } from '../state/actions.js';
import type { ActionState, Listed, Model } from '../state/model.js';
import type { ViewContext } from './handlers.js';

/** Everything that can be asked of an instance, and beside it what became of it. */
export function instanceButtons(instance: Listed, model: Model, context: ViewContext): Element_ {
  const actions = actionsFor(instance);
  const outcomes = actions.map(({ name, label }) => ({
    label,
    outcome: model.actions.get(actionKey(instance.id, name)),
  }));
  return h(
    'div',
    { class: 'actions', key: 'actions' },
    h(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': `What ${instance.id} can be told` },
      actions.map((action) => button(instance, action, context)),
      webUiLink(instance, model),
    ),
    h(
      'div',
      { class: 'outcome', role: 'status' },
      outcomes.flatMap(({ label, outcome }) => (outcome === undefined ? [] : [outcomeOf(label, outcome)])),
    ),
  );
}

/** A button that would do nothing can still be reached: it keeps the focus, and says why. */
function button({ id }: Listed, action: InstanceAction, { handlers }: ViewContext): Element_ {
  const { name, label, idle } = action;
  return h(
    'button',
    {
      key: name,
      type: 'button',
      class: name === 'stop' ? 'danger' : '',
      'data-action': name,
      'aria-label': `${label} ${id}`,
      'aria-disabled': idle === null ? null : 'true',
      title: idle,
      click: () => {
        if (idle === null) handlers.onAction(id, action);
      },
    },
    label,
  );
}

export function outcomeOf(label: string, { state, message }: ActionState): Element_ {
  return h('p', { class: `outcome-${state}` }, message === '' ? `${label}: done` : `${label}: ${message}`);
}

function webUiLink({ id, runId }: Listed, { about }: Model): Element_ | null {
  if (about === null || about.uiUrl === null) return null;
  const href = workflowAddress(about.uiUrl, about.namespace, id, runId);
  const label = `Open ${id} in Temporal Web UI`;
  return h(
    'a',
    { class: 'button', href, target: '_blank', rel: 'noopener noreferrer', 'aria-label': label },
    'Temporal Web UI',
  );
}
