import { amountOf, rateOf } from '../../../cli/view/job-progress.js';
import { humanBytes, humanDuration } from '../../../cli/view/words.js';
import { isJobOver } from '../../../../core/jobs/events.js';
import { h, type Child, type Element_ } from '../dom/node.js';
import { jobPath } from '../net/paths.js';
import { actionKey, workflowAddress } from '../state/actions.js';
import { newestJobs } from '../state/apply-event.js';
import type { Model, ShownJob } from '../state/model.js';
import { outcomeOf } from './buttons.js';
import type { ViewContext } from './handlers.js';
import { jobForm } from './job-form.js';
import { ago, empty, panel, stateBadge } from './parts.js';

/** Jobs with their progress and what they made, and a form to ask for one. */
export function jobsPanel(model: Model, withToken: boolean, context: ViewContext): Element_ {
  const jobs = newestJobs(model);
  return panel(
    'jobs',
    'Jobs',
    jobForm(model, context),
    jobs.length === 0
      ? empty('No job was asked for yet.')
      : h(
          'ul',
          { class: 'cards', key: 'jobs' },
          jobs.map((job) => h('li', { key: job.view.id }, card(job, model, withToken, context))),
        ),
  );
}

function card(job: ShownJob, model: Model, withToken: boolean, context: ViewContext): Element_ {
  const { view, text, lastLog, problem } = job;
  const { nowMs } = context;
  const outcome = model.actions.get(actionKey(view.id, 'cancel'));
  return h(
    'article',
    { class: `card card-${view.status}`, 'data-job': view.id, 'aria-label': view.id },
    h(
      'div',
      { class: 'card-head' },
      h('h4', {}, view.id),
      stateBadge(view.status),
      h('span', {}, view.kind),
      h('span', { class: 'since' }, 'asked for ', ago(view.createdAt, nowMs)),
    ),
    h('p', { class: 'params' }, paramsOf(view.params)),
    progressOf(job),
    view.error === null
      ? null
      : h('p', { class: 'problem', key: 'error' }, `${view.error.cause}: ${view.error.message}`),
    problem === null ? null : h('p', { class: 'note', key: 'stream' }, problem),
    text === '' || isJobOver(view.status) ? null : h('p', { class: 'text', key: 'text' }, text),
    lastLog === '' ? null : h('p', { class: 'detail', key: 'log' }, lastLog),
    artifacts(job, withToken, model, context),
    h(
      'div',
      { class: 'buttons', key: 'buttons' },
      isJobOver(view.status) ? null : cancelButton(view.id, context),
      webUi(view.id, model),
    ),
    h(
      'div',
      { class: 'outcome', role: 'status', key: 'outcome' },
      outcome === undefined ? [] : [outcomeOf('Cancel', outcome)],
    ),
  );
}

/** Parameters on one line: `topic: bridge, period: 24h`. */
export function paramsOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  return Object.entries(params)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function progressOf({ view }: ShownJob): Element_ | null {
  const { progress, status } = view;
  if (progress === null || status === 'cancelled') return null;
  const { percent, step, remainingMs } = progress;
  const isOver = isJobOver(status);
  const words = [
    percent === null ? '' : `${Math.floor(percent)} %`,
    step,
    isOver ? '' : amountOf(progress),
    isOver ? '' : rateOf(progress),
    isOver || remainingMs === null ? '' : `${humanDuration(remainingMs)} left`,
  ].filter((text) => text !== '');
  return h(
    'p',
    { class: 'progress', key: 'progress' },
    h('progress', { max: 100, value: percent, 'aria-label': `Progress of ${view.id}` }),
    h('span', {}, words.join(' · ')),
  );
}

function artifacts(
  { view }: ShownJob,
  withToken: boolean,
  model: Model,
  context: ViewContext,
): Element_ | null {
  if (view.artifacts.length === 0) return null;
  return h(
    'ul',
    { class: 'artifacts', key: 'artifacts', 'aria-label': `What ${view.id} has made` },
    view.artifacts.map(({ name, bytes }) =>
      h(
        'li',
        { key: name },
        artifactLink(view.id, name, withToken, context),
        ` ${humanBytes(bytes)}`,
        artifactOutcome(view.id, name, model),
      ),
    ),
  );
}

/** A link cannot send a token: with one the page fetches the file itself. */
function artifactLink(id: string, name: string, withToken: boolean, { handlers }: ViewContext): Child {
  if (withToken)
    return h('button', { type: 'button', click: () => handlers.onFetchArtifact(id, name) }, name);
  const href = jobPath(id, `/artifacts/${encodeURIComponent(name)}`);
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, name);
}

function artifactOutcome(id: string, name: string, model: Model): Child[] {
  const outcome = model.actions.get(actionKey(id, `artifact ${name}`));
  return outcome === undefined || outcome.state === 'done' ? [] : [outcomeOf(name, outcome)];
}

function cancelButton(id: string, { handlers }: ViewContext): Element_ {
  const attributes = {
    type: 'button',
    class: 'danger',
    'data-action': 'cancel',
    'aria-label': `Cancel ${id}`,
  };
  return h('button', { ...attributes, key: 'cancel', click: () => handlers.onCancelJob(id) }, 'Cancel');
}

function webUi(id: string, { about }: Model): Element_ | null {
  if (about === null || about.uiUrl === null) return null;
  const href = workflowAddress(about.uiUrl, about.namespace, id);
  return h(
    'a',
    {
      class: 'button',
      href,
      target: '_blank',
      rel: 'noopener noreferrer',
      'aria-label': `Open ${id} in Temporal Web UI`,
    },
    'Temporal Web UI',
  );
}
