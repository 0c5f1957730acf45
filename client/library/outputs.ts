import type { Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { sendUpdate, stateAfter, type Sent } from './messages.js';

/** Adds an output to a live capture. The capture validates it and rejects what it cannot take. */
export async function addOutput(client: Client, reference: string, output: unknown): Promise<Sent> {
  return changeOutputs(client, reference, 'addOutput', output);
}

/** Removes an output of a live capture by its name. */
export async function removeOutput(client: Client, reference: string, name: string): Promise<Sent> {
  return changeOutputs(client, reference, 'removeOutput', name);
}

async function changeOutputs(
  client: Client,
  reference: string,
  update: 'addOutput' | 'removeOutput',
  argument: unknown,
): Promise<Sent> {
  const instance = await findInstance(client, reference);
  if (instance.kind !== 'capture') {
    throw new HoldfastError('invalid_input', `${instance.id} has no outputs; only captures have`);
  }
  await sendUpdate(client, instance.id, update, argument);
  return stateAfter(client, instance.id);
}
