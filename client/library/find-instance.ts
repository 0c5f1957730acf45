import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { INSTANCE_KINDS, instanceIdOf, JOB_KIND, splitInstanceId } from './instance-kinds.js';
import { listInstances, summariesOf, toSummary, type InstanceSummary } from './list-instances.js';
import { nearestOf } from './nearest.js';
import { callServer } from './server-call.js';

/** Ids longer than this cannot exist: 127 characters of name, a kind and a slash, with room to spare. */
const REFERENCE_LENGTH_MAX = 200;

/**
 * Finds the instance, or job, that a person means by `kind/name`, or by the bare name where that is unique. A bare name
 * means a job only where no instance has it.
 * @throws {HoldfastError} `unknown_instance` with what is near in spelling, `ambiguous_instance` with the candidates.
 */
export async function findInstance(client: Client, reference: string): Promise<InstanceSummary> {
  if (reference === '' || reference.length > REFERENCE_LENGTH_MAX) {
    throw new HoldfastError(
      'invalid_input',
      `"${reference.slice(0, 40)}" is no instance id; expected kind/name`,
    );
  }
  return reference.includes('/') ? findById(client, reference) : findByName(client, reference);
}

/** Describing reads the workflow itself and so knows one that was started this instant, unlike the index. */
async function findById(client: Client, id: string, reference = id): Promise<InstanceSummary> {
  try {
    return await callServer(client, `find ${id}`, async () =>
      toSummary(await client.workflow.getHandle(id).describe()),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw await unknownInstance(client, reference);
    throw error;
  }
}

async function findByName(client: Client, name: string): Promise<InstanceSummary> {
  const ids = INSTANCE_KINDS.map((kind) => instanceIdOf(kind, name));
  const found = await summariesOf(client, ids);
  const open = found.filter((summary) => summary.open);
  const candidates = found.length > 1 && open.length === 1 ? open : found;
  const [only, ...others] = candidates;
  if (only === undefined) return await findJobByName(client, name);
  if (others.length > 0) {
    const list = candidates.map((summary) => summary.id).sort();
    throw new HoldfastError(
      'ambiguous_instance',
      `"${name}" could be ${list.join(' or ')}; give the whole id`,
    );
  }
  return only;
}

function findJobByName(client: Client, name: string): Promise<InstanceSummary> {
  return findById(client, instanceIdOf(JOB_KIND, name), name);
}

async function unknownInstance(client: Client, reference: string): Promise<HoldfastError> {
  if (reference.startsWith(instanceIdOf(JOB_KIND, ''))) return await unknownJob(client, reference);
  const [instances, jobs] = await Promise.all([idsOf(client), idsOf(client, JOB_KIND)]);
  // Of an instance and a job of the same name the instance is meant.
  const all = [...jobs, ...instances];
  const byName = new Map(all.map((id) => [reference.includes('/') ? id : splitInstanceId(id).name, id]));
  const close = nearestOf(reference, [...byName.keys()]).map((key) => byName.get(key) ?? key);
  let hint = 'there are none yet: start some with `holdfast apply -c FILE`';
  if (close.length > 0) hint = `did you mean ${close.join(' or ')}?`;
  else if (jobs.length > 0)
    hint = '`holdfast list` shows the instances there are, `holdfast job list` the jobs';
  else if (instances.length > 0) hint = '`holdfast list` shows those there are';
  return new HoldfastError(
    'unknown_instance',
    `no instance${jobs.length > 0 ? ' or job' : ''} ${reference}; ${hint}`,
  );
}

async function unknownJob(client: Client, id: string): Promise<HoldfastError> {
  const close = nearestOf(id, await idsOf(client, JOB_KIND));
  const hint =
    close.length > 0 ? `did you mean ${close.join(' or ')}?` : '`holdfast job list` shows those there are';
  return new HoldfastError('unknown_instance', `no job ${id}; ${hint}`);
}

async function idsOf(client: Client, kind?: string): Promise<string[]> {
  return (await listInstances(client, kind === undefined ? {} : { kind })).map(({ id }) => id);
}
