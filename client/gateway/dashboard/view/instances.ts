import { detailOf } from '../../../cli/view/instance-words.js';
import { humanDuration } from '../../../cli/view/words.js';
import { STATES } from '../../../../core/states.js';
import type { InstanceView } from '../../../library/read-instance.js';
import { h, type Element_ } from '../dom/node.js';
import { byKind, chosen } from '../state/filter.js';
import { UNREAD, type Listed, type Model } from '../state/model.js';
import { branchList } from './branches.js';
import { instanceButtons } from './buttons.js';
import { coverageOf } from './coverage.js';
import type { ViewContext } from './handlers.js';
import { ago, empty, panel, readingNote, stateBadge } from './parts.js';

/** Instances are read this often; older than three times that is said. */
export const INSTANCES_EVERY_MS = 3_000;

const KINDS: Readonly<Record<string, string>> = { stream: 'Streams', capture: 'Captures', source: 'Sources' };
/** Kinds that there are pictures of, and what a picture shows. */
const PICTURED: Readonly<Record<string, string>> = { stream: 'has recorded', capture: 'captures' };
const SPANS = [
  ['1h', 'the last hour'],
  ['24h', 'the last 24 hours'],
  ['7d', 'the last 7 days'],
  ['30d', 'the last 30 days'],
] as const;

export function instancesPanel(model: Model, context: ViewContext): Element_ {
  const { value } = model.instances;
  const all = [...(value?.values() ?? [])];
  const shown = chosen(all, model.filter);
  const groups = byKind(shown).map(([kind, instances]) => group(kind, instances, model, context));
  return panel(
    'instances',
    'Instances',
    toolbar(all, shown.length, model, context),
    readingNote(model.instances, 3 * INSTANCES_EVERY_MS, context.nowMs),
    groups.length > 0 ? groups : [empty(nothingShown(value === null, all.length))],
  );
}

function nothingShown(isUnread: boolean, count: number): string {
  if (isUnread) return 'Reading the instances...';
  return count === 0
    ? 'There are no instances yet: `holdfast apply` starts them.'
    : 'No instance fits the filter.';
}

function group(kind: string, instances: readonly Listed[], model: Model, context: ViewContext): Element_ {
  const title = KINDS[kind] ?? kind;
  return h(
    'section',
    { key: kind, 'aria-label': title },
    h('h3', {}, `${title} (${instances.length})`),
    h(
      'ul',
      { class: 'cards' },
      instances.map((instance) => h('li', { key: instance.id }, card(instance, model, context))),
    ),
  );
}

function card(instance: Listed, model: Model, context: ViewContext): Element_ {
  const { id, name, state, host } = instance;
  const { nowMs } = context;
  return h(
    'article',
    { class: `card card-${state}`, 'data-instance': id, 'aria-label': id },
    h(
      'div',
      { class: 'card-head' },
      h('h4', {}, name),
      stateBadge(state),
      h('span', { class: 'since' }, sinceWords(instance, nowMs)),
      host !== null && h('span', { class: 'host' }, `on ${host}`),
    ),
    words(instance, nowMs),
    preview(instance, model, nowMs),
    branchList(instance, nowMs),
    lastIncident(instance, nowMs),
    coverageOf(instance, model, context),
    instanceButtons(instance, model, context),
  );
}

function sinceWords({ open, status, closedAt, startedAt }: Listed, nowMs: number): string {
  const since = open ? (status?.since ?? startedAt) : closedAt;
  return since === null ? '' : `for ${humanDuration(Math.max(0, nowMs - Date.parse(since)))}`;
}

function words(instance: Listed, nowMs: number): Element_ | null {
  const text = isDetailed(instance) ? detailOf(instance, nowMs) : '';
  const said = instance.state === 'running' ? '' : text;
  return said === '' ? null : h('p', { class: 'detail', key: 'detail' }, said);
}

function isDetailed(instance: Listed): instance is InstanceView {
  return instance.branches !== undefined && instance.status !== undefined;
}

function lastIncident({ status }: Listed, nowMs: number): Element_ | null {
  const last = status?.incidents[0];
  if (last === undefined) return null;
  return h(
    'p',
    { class: 'incident', key: 'incident' },
    'Last incident ',
    ago(last.at, nowMs),
    `: ${last.branch}, ${last.cause}, ${last.detail} (${last.action})`,
  );
}

/** The newest picture of what runs; what is shown while it does not run would be of another time. */
function preview({ id, kind, open, branches }: Listed, model: Model, nowMs: number): Element_ | null {
  const shows = PICTURED[kind];
  if (shows === undefined || !open) return null;
  // There is no picture of what does not run: it is not asked for.
  const isFed = branches?.[0]?.state === 'running';
  const { value: picture, problem } = model.pictures.get(id) ?? UNREAD;
  const content =
    picture === null
      ? h('span', { class: 'no-picture' }, problem ?? 'Waiting for a picture...')
      : h('img', { src: picture.address, alt: `What ${id} ${shows}` });
  const age =
    picture === null ? [] : [`picture of ${humanDuration(nowMs - picture.takenAtMs)} ago`, problem ?? ''];
  return h(
    'figure',
    { key: 'preview', class: 'preview', 'data-preview': isFed ? id : null },
    content,
    h('figcaption', {}, age.filter((text) => text !== '').join('; ')),
  );
}

function toolbar(
  all: readonly Listed[],
  shown: number,
  { filter, coverageSince }: Model,
  { handlers }: ViewContext,
): Element_ {
  const valueOf = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;
  const options = (values: readonly (readonly [string, string])[], chosen: string) =>
    values.map(([value, text]) => h('option', { key: value, value, selected: value === chosen }, text));
  const count = (state: string) => all.filter((instance) => instance.state === state).length;
  const states = STATES.filter((state) => count(state) > 0 || state === filter.state);
  return h(
    'div',
    { class: 'toolbar', key: 'toolbar', role: 'search', 'aria-label': 'Which instances are shown' },
    h(
      'label',
      {},
      'Search ',
      h('input', {
        type: 'search',
        id: 'search',
        input: (event) => handlers.onFilter({ text: valueOf(event) }),
      }),
    ),
    h(
      'label',
      {},
      'Kind ',
      h(
        'select',
        { id: 'kind', change: (event) => handlers.onFilter({ kind: valueOf(event) }) },
        options([['', 'all'], ...Object.entries(KINDS)], filter.kind),
      ),
    ),
    h(
      'label',
      {},
      'State ',
      h(
        'select',
        { id: 'state', change: (event) => handlers.onFilter({ state: valueOf(event) }) },
        options(
          [
            ['', 'all'],
            ...states.map((state) => [state, `${state.replaceAll('_', ' ')} (${count(state)})`] as const),
          ],
          filter.state,
        ),
      ),
    ),
    h(
      'label',
      {},
      'Coverage of ',
      h(
        'select',
        { id: 'span', change: (event) => handlers.onCoverageSince(valueOf(event)) },
        options(SPANS, coverageSince),
      ),
    ),
    h('span', { class: 'count', role: 'status' }, `${shown} of ${all.length}`),
  );
}
