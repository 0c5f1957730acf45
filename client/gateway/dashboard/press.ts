import type { Dashboard } from './dashboard.js';
import { getBlob, postJson } from './net/api.js';
import { gatewayPath, instancePath, jobPath } from './net/paths.js';
import { forgetToken, tokenHeaders } from './net/token.js';
import { actionKey, type InstanceAction } from './state/actions.js';
import { jobRequestOf } from './state/job-request.js';
import { confirmed } from './view/dialogs.js';
import type { Handlers } from './view/handlers.js';
import { START_JOB } from './view/job-form.js';
import { applyTheme } from './view/theme.js';

/** An outcome is read in less; a failure stays until the button is pressed again. */
const DONE_SHOWN_MS = 8_000;

/** What follows from what a person does on the page. */
export function createHandlers(dashboard: Dashboard): Handlers {
  const { model } = dashboard;
  const draw = (): void => dashboard.draw();
  return {
    onAction: (id, action) => void tell(dashboard, id, action),
    onFilter: (change) => {
      Object.assign(model.filter, change);
      draw();
    },
    onCoverageSince: (since) => {
      model.coverageSince = since;
      dashboard.forgetCoverage();
    },
    onShowGap: (shown) => {
      model.shownGap = shown;
      draw();
    },
    onJobKind: (kind) => {
      model.jobKind = kind;
      model.actions.delete(START_JOB);
      draw();
    },
    onStartJob: (values) =>
      void perform(dashboard, START_JOB, async () => {
        const request = jobRequestOf(model.jobKind, values);
        const { id } = await postJson<{ id: string }>(gatewayPath('/api/jobs'), request);
        dashboard.readJobs.now();
        return `${id} was started`;
      }),
    onCancelJob: (id) => void cancel(dashboard, id),
    onFetchArtifact: (id, name) => void fetchArtifact(dashboard, id, name),
    onTheme: (theme) => {
      applyTheme(theme);
      draw();
    },
    onForgetToken: () => forgetToken(tokenHeaders()),
  };
}

interface Told {
  readonly state?: string | null;
  readonly detail?: string;
}

async function tell(dashboard: Dashboard, id: string, action: InstanceAction): Promise<void> {
  if (action.question !== null && !(await confirmed(action.question, action.label))) return;
  await perform(dashboard, actionKey(id, action.name), async () => {
    const { state, detail } = await postJson<Told>(instancePath(id, action.path), action.body);
    dashboard.readInstances.now();
    dashboard.readHealth.soon();
    if (state === null || state === undefined) return 'sent; it takes effect when a worker is back';
    return [state.replaceAll('_', ' '), detail ?? ''].filter((text) => text !== '').join(', ');
  });
}

async function cancel(dashboard: Dashboard, id: string): Promise<void> {
  if (!(await confirmed(`Cancel ${id}? What it has half made is removed.`, 'Cancel job'))) return;
  await perform(dashboard, actionKey(id, 'cancel'), async () => {
    const { cancelled } = await postJson<{ cancelled: boolean }>(jobPath(id, '/cancel'));
    dashboard.readJobs.soon();
    return cancelled ? 'cancelled' : 'it was over already';
  });
}

async function fetchArtifact(dashboard: Dashboard, id: string, name: string): Promise<void> {
  await perform(dashboard, actionKey(id, `artifact ${name}`), async () => {
    const address = URL.createObjectURL(await getBlob(jobPath(id, `/artifacts/${encodeURIComponent(name)}`)));
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), DONE_SHOWN_MS);
    return 'saved';
  });
}

/** Does it, and keeps what became of it beside the button: in the words of the gateway when it failed. */
async function perform(dashboard: Dashboard, key: string, act: () => Promise<string>): Promise<void> {
  const { actions } = dashboard.model;
  if (actions.get(key)?.state === 'running') return;
  actions.set(key, { state: 'running', message: 'asking...' });
  dashboard.draw();
  try {
    const outcome = { state: 'done', message: await act() } as const;
    actions.set(key, outcome);
    setTimeout(() => {
      if (actions.get(key) === outcome) actions.delete(key);
      dashboard.draw();
    }, DONE_SHOWN_MS);
  } catch (error) {
    actions.set(key, { state: 'failed', message: (error as Error).message });
  }
  dashboard.draw();
}
