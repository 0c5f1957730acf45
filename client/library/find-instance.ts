import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { INSTANCE_KINDS, instanceIdOf } from './instance-kinds.js';
import { listInstances, summariesOf, toSummary, type InstanceSummary } from './list-instances.js';
import { nearestOf } from './nearest.js';
import { callServer } from './server-call.js';

/** Ids longer than this cannot exist: 127 characters of name, a kind and a slash, with room to spare. */
const REFERENCE_LENGTH_MAX = 200;

/**
 * Finds the instance that a person means by `kind/name`, or by the bare name where that is unique.
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
async function findById(client: Client, id: string): Promise<InstanceSummary> {
  try {
    return await callServer(client, `find ${id}`, async () =>
      toSummary(await client.workflow.getHandle(id).describe()),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw await unknownInstance(client, id);
    throw error;
  }
}

async function findByName(client: Client, name: string): Promise<InstanceSummary> {
  const ids = INSTANCE_KINDS.map((kind) => instanceIdOf(kind, name));
  const found = await summariesOf(client, ids);
  const open = found.filter((summary) => summary.open);
  const candidates = found.length > 1 && open.length === 1 ? open : found;
  const [only, ...others] = candidates;
  if (only === undefined) throw await unknownInstance(client, name);
  if (others.length > 0) {
    const list = candidates.map((summary) => summary.id).sort();
    throw new HoldfastError(
      'ambiguous_instance',
      `"${name}" could be ${list.join(' or ')}; give the whole id`,
    );
  }
  return only;
}

async function unknownInstance(client: Client, reference: string): Promise<HoldfastError> {
  const all = (await listInstances(client)).map((summary) => summary.id);
  const byName = new Map(all.map((id) => [reference.includes('/') ? id : id.slice(id.indexOf('/') + 1), id]));
  const close = nearestOf(reference, [...byName.keys()]).map((key) => byName.get(key) ?? key);
  let hint = 'there are none yet: start some with `holdfast apply -c FILE`';
  if (close.length > 0) hint = `did you mean ${close.join(' or ')}?`;
  else if (all.length > 0) hint = '`holdfast list` shows those there are';
  return new HoldfastError('unknown_instance', `no instance ${reference}; ${hint}`);
}
