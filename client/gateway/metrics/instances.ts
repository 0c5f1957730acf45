import type { Registry } from 'prom-client';
import { DetailReader } from '../../library/detail-reader.js';
import type { InstanceView } from '../../library/read-instance.js';
import type { GatewayDeps } from '../deps.js';
import { countsOf } from './counts.js';
import { MetricsSet } from './metrics-set.js';
import { section, type Section } from './section.js';

/** Instances that are told one by one; more would be more than a monitoring system likes. */
const INSTANCES_TOLD_MAX = 1_000;
/** Instances whose workflows are asked for their branches: those with media, the sources tell of themselves in the store. */
const DETAILED_MAX = 200;

type Problem = (error: unknown) => void;

/** Instances by kind and state, their branches and incidents. */
export function instanceSection(
  registry: Registry,
  { client, holdfast }: Pick<GatewayDeps, 'client' | 'holdfast'>,
  problem: Problem,
): Section {
  const metrics = new MetricsSet(registry);
  const instances = metrics.gauge('instances', 'Instances by kind and state.', ['kind', 'state']);
  const states = metrics.gauge('instance_state', 'The state an instance is in has the value 1.', [
    'instance',
    'state',
  ]);
  const branches = metrics.gauge('branches', 'Branches of streams and captures by state.', ['kind', 'state']);
  const incidents = metrics.counter('incidents_total', 'Incidents since the instance was started.', [
    'instance',
  ]);
  const silent = metrics.gauge('instances_silent', 'Instances whose workflow no worker answers for.', [
    'kind',
  ]);
  const details = new DetailReader(client);
  const read = async (): Promise<readonly InstanceView[]> => {
    const listed = await holdfast.list();
    const asked = listed.filter(({ open, kind }) => open && kind !== 'source').slice(0, DETAILED_MAX);
    return await details.read(listed, new Set(asked.map(({ id }) => id)));
  };
  return section(
    metrics,
    read,
    (views) => {
      const answered = views.filter(({ status }) => status !== null);
      const kindAndState = ({ kind, state }: Pick<InstanceView, 'kind' | 'state'>) => ({ kind, state });
      instances(countsOf(views, kindAndState));
      states(views.slice(0, INSTANCES_TOLD_MAX).map(({ id, state }) => [{ instance: id, state }, 1]));
      branches(
        countsOf(
          answered.flatMap((view) => view.branches.map(({ state }) => ({ kind: view.kind, state }))),
          kindAndState,
        ),
      );
      incidents(answered.map(({ id, status }) => [{ instance: id }, status?.incidentCount ?? 0]));
      silent(countsOf(views.filter(isSilent), ({ kind }) => ({ kind })));
    },
    problem,
  );
}

/** Asked, and without an answer. */
function isSilent({ kind, open, status, statusProblem }: InstanceView): boolean {
  return open && kind !== 'source' && status === null && statusProblem !== 'not asked';
}
