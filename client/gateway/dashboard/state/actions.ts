import type { Listed } from './model.js';

/** What can be asked of an instance by a button. */
export interface InstanceAction {
  readonly name: string;
  readonly label: string;
  /** Part of the path after the instance. */
  readonly path: string;
  readonly body: object;
  /** A question that is asked first; null for none. */
  readonly question: string | null;
  /** Why it would do nothing at present; null when it does something. */
  readonly idle: string | null;
}

const CLOSED = 'it does not run';

/** The buttons of an instance, always in the same places. */
export function actionsFor({ id, kind, state, open }: Listed): InstanceAction[] {
  const ended = open ? null : CLOSED;
  const plain = { question: null, body: {} };
  const signal = (name: string, label: string, idle: string | null): InstanceAction => ({
    name,
    label,
    path: '/signal',
    body: { name },
    question: null,
    idle,
  });
  const actions: InstanceAction[] = [
    {
      ...plain,
      name: 'pause',
      label: 'Pause',
      path: '/pause',
      idle: ended ?? (state === 'paused' ? 'it is paused' : null),
    },
    {
      ...plain,
      name: 'resume',
      label: 'Resume',
      path: '/resume',
      idle: ended ?? (state === 'running' ? 'it runs' : null),
    },
    { ...plain, name: 'retry', label: 'Retry', path: '/retry', idle: state === 'running' ? 'it runs' : null },
  ];
  if (kind === 'capture') {
    actions.push(signal('hdmiRestored', 'Signal restored', ended));
  }
  if (kind === 'source') {
    actions.push(signal('fetchNow', 'Fetch now', ended), signal('resetBreaker', 'Reset breaker', ended));
  }
  actions.push({
    name: 'stop',
    label: 'Stop',
    path: '/stop',
    body: {},
    question: `Stop ${id}? What runs is ended and its files are finalised. Retry starts it again.`,
    idle: ended,
  });
  return actions;
}

/** Where the outcome of an action is kept. */
export function actionKey(id: string, name: string): string {
  return `${id} ${name}`;
}

/** Temporal's Web UI for a workflow. */
export function workflowAddress(uiUrl: string, namespace: string, id: string, runId?: string): string {
  const run = runId === undefined ? '' : `/${encodeURIComponent(runId)}`;
  const base = uiUrl.replace(/\/+$/, '');
  return `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}${run}`;
}
