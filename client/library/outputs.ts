import type { Client } from '@temporalio/client';
import type { BranchStatus } from '../../core/instance-status.js';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import type { InstanceSummary } from './list-instances.js';
import { EFFECT_DEADLINE_MS, notRunning, sendUpdate, type Sent } from './messages.js';
import { queryStatus } from './read-instance.js';

/** What became of a change: the capture, and the output itself. */
export interface OutputSent extends Sent {
  readonly name: string;
  /** Null when it is no more, or when no worker answers now. */
  readonly output: BranchStatus | null;
}

/**
 * Checks an output before anybody is asked. The schemas are loaded only now: other commands stay quick.
 * @throws {HoldfastError} `invalid_input` with every problem, one line each.
 */
export async function checkOutput(output: unknown): Promise<void> {
  const { parseOutputEntry } = await import('../../core/config/output-entry.js');
  const parsed = parseOutputEntry(output);
  if ('output' in parsed) return;
  throw new HoldfastError('invalid_input', parsed.problems.join('\n'));
}

/** Adds an output to a live capture; the others are not touched. */
export async function addOutput(client: Client, reference: string, output: unknown): Promise<OutputSent> {
  await checkOutput(output);
  return changeOutputs(client, reference, 'addOutput', output);
}

/** Removes an output of a live capture by its name. */
export async function removeOutput(client: Client, reference: string, name: string): Promise<OutputSent> {
  return changeOutputs(client, reference, 'removeOutput', name);
}

/** Starts one output again that has stopped, e.g. a recording after space was freed. */
export async function resumeOutput(client: Client, reference: string, name: string): Promise<OutputSent> {
  return changeOutputs(client, reference, 'resumeOutput', name);
}

/**
 * Finds a capture that runs.
 * @throws {HoldfastError} `invalid_input` for another kind, `not_running` for a closed one.
 */
async function findLiveCapture(client: Client, reference: string): Promise<InstanceSummary> {
  const instance = await findInstance(client, reference);
  if (instance.kind !== 'capture') {
    throw new HoldfastError('invalid_input', `${instance.id} has no outputs; only captures have`);
  }
  if (!instance.open) throw notRunning(instance);
  return instance;
}

async function changeOutputs(
  client: Client,
  reference: string,
  update: 'addOutput' | 'removeOutput' | 'resumeOutput',
  argument: unknown,
): Promise<OutputSent> {
  const { id } = await findLiveCapture(client, reference);
  const { name } = await sendUpdate<{ readonly name: string }>(client, id, update, argument);
  const { status } = await queryStatus(client, id, EFFECT_DEADLINE_MS);
  const output = status?.branches.find((branch) => branch.name === name) ?? null;
  return { id, state: status?.state ?? null, detail: status?.detail ?? '', name, output };
}
