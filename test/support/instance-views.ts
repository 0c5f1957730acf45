import type { BranchView, InstanceView } from '../../client/library/read-instance.js';
import type { State } from '../../core/states.js';

/** An instance as the library would give it, for tests of what is shown. */
export function instanceView(id: string, state: State, more: Partial<InstanceView> = {}): InstanceView {
  const since = '2026-03-01T12:00:00.000Z';
  const [kind = '', name = ''] = id.split('/');
  return {
    id,
    kind,
    name,
    state,
    host: 'studio-1',
    open: true,
    closed: null,
    startedAt: since,
    closedAt: null,
    runId: 'run-1',
    status: {
      id,
      kind,
      name,
      host: 'studio-1',
      state,
      detail: `${state} in words`,
      since,
      startedAt: since,
      retries: 0,
      incidents: [],
      incidentCount: 0,
      branches: [],
      config: {},
    },
    statusProblem: null,
    branches: [],
    failure: null,
    ...more,
  };
}

/** A branch of such an instance. */
export function branchView(name: string, state: State, more: Partial<BranchView> = {}): BranchView {
  return {
    name,
    state,
    detail: `${name} in words`,
    since: '2026-03-01T12:00:00.000Z',
    run: 1,
    runKey: `capture/x/${name}/1`,
    attempt: 0,
    maxAttempts: null,
    nextAttemptAt: null,
    startedAt: null,
    live: null,
    ...more,
  };
}
