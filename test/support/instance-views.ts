import type { InstanceView } from '../../client/library/read-instance.js';
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
