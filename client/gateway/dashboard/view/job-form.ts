import { JOB_KINDS, type JobKind } from '../../../../core/jobs/job-kind.js';
import { h, type Element_ } from '../dom/node.js';
import type { FormValues } from '../state/job-request.js';
import type { Model } from '../state/model.js';
import { outcomeOf } from './buttons.js';
import type { ViewContext } from './handlers.js';

/** Where the outcome of the form is kept. */
export const START_JOB = 'start job';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly hint?: string;
  readonly value?: string;
  readonly required?: boolean;
  readonly list?: string;
}

const RECORDING: readonly Field[] = [
  {
    name: 'recording',
    label: 'Recording',
    type: 'text',
    hint: 'stream/alice',
    required: true,
    list: 'recordings',
  },
  { name: 'branch', label: 'Branch (where several record)', type: 'text' },
];

const FIELDS: Readonly<Record<JobKind, readonly Field[]>> = {
  digest: [
    { name: 'topic', label: 'Topic', type: 'text', hint: 'harbour "new bridge" -football', required: true },
    { name: 'period', label: 'Period', type: 'text', value: '24h', required: true },
    { name: 'sources', label: 'Sources (all when empty)', type: 'text' },
    { name: 'max_items', label: 'Most items', type: 'number' },
  ],
  finalize: [
    ...RECORDING,
    { name: 'from', label: 'From (UTC, everything when empty)', type: 'datetime-local' },
    { name: 'to', label: 'To (UTC)', type: 'datetime-local' },
  ],
  clip: [
    ...RECORDING,
    { name: 'from', label: 'From (UTC)', type: 'datetime-local', required: true },
    { name: 'to', label: 'To (UTC)', type: 'datetime-local', required: true },
    { name: 'reencode', label: 'Exact to the frame (encodes again)', type: 'checkbox' },
  ],
};

/** Asks for a job. The gateway checks it; what it says is shown beside the button. */
export function jobForm(model: Model, { handlers }: ViewContext): Element_ {
  const { jobKind } = model;
  const outcome = model.actions.get(START_JOB);
  const submit = (event: Event): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const values = [...data].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
    handlers.onStartJob(Object.fromEntries(values) as FormValues);
  };
  return h(
    'form',
    { class: 'job-form', key: 'form', submit, 'aria-label': 'Ask for a job' },
    h(
      'label',
      { key: 'kind' },
      'Job ',
      h(
        'select',
        {
          id: 'job-kind',
          name: 'kind',
          change: (event) => handlers.onJobKind((event.target as HTMLSelectElement).value as JobKind),
        },
        JOB_KINDS.map((kind) => h('option', { value: kind, selected: kind === jobKind }, kind)),
      ),
    ),
    FIELDS[jobKind].map((field) => input(jobKind, field)),
    h(
      'datalist',
      { id: 'recordings', key: 'recordings' },
      recordings(model).map((id) => h('option', { value: id })),
    ),
    h('button', { type: 'submit', key: 'submit', class: 'primary' }, 'Start job'),
    h(
      'div',
      { class: 'outcome', role: 'status', key: 'outcome' },
      outcome === undefined ? [] : [outcomeOf('Start job', outcome)],
    ),
  );
}

function input(kind: JobKind, { name, label, type, hint, value, required, list }: Field): Element_ {
  // Seconds can be chosen, too.
  const step = type === 'datetime-local' ? '1' : null;
  const min = type === 'number' ? '1' : null;
  const attributes = { name, type, value, required, list, step, min, placeholder: hint };
  return h('label', { key: `${kind} ${name}` }, `${label} `, h('input', attributes));
}

function recordings({ instances }: Model): string[] {
  return [...(instances.value?.values() ?? [])].filter(({ kind }) => kind !== 'source').map(({ id }) => id);
}
