import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow';
import { parseInstanceInput, type InstanceConfigs, type InstanceKind } from '../core/config/instance.js';
import { instanceIdOf } from '../core/instance-id.js';

/** Reads the entry of an instance, or fails naming key, value and what is allowed. */
export function configOrFailure<Kind extends InstanceKind>(
  kind: Kind,
  input: unknown,
): InstanceConfigs[Kind] {
  const parsed = parseInstanceInput(kind, input);
  if ('error' in parsed) throw invalidConfig(parsed.error);
  return parsed.ok;
}

/** Reads the entry that a workflow was started with, or fails, also when its id is not the one by which everybody looks for that instance. */
export function firstConfigOrFailure<Kind extends InstanceKind>(
  kind: Kind,
  input: unknown,
): InstanceConfigs[Kind] {
  const config = configOrFailure(kind, input);
  checkWorkflowId(kind, config.id);
  return config;
}

/** Fails a workflow whose id does not name its instance. One that an earlier version has let in goes on: it may be recording. */
export function checkWorkflowId(kind: InstanceKind, name: string): void {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const expected = instanceIdOf(kind, name);
  if (workflowId === expected || continuedFromExecutionRunId !== undefined) return;
  if (!patched('workflow-id-names-the-instance')) return;
  throw invalidConfig(`workflow id: ${workflowId} is not that of ${kind} ${name}; expected ${expected}`);
}

/** Reads a new entry of a living instance, or fails, also when it is that of another one. */
export function ownConfigOrFailure<Kind extends InstanceKind>(
  kind: Kind,
  ownId: string,
  input: unknown,
): InstanceConfigs[Kind] {
  const config = configOrFailure(kind, input);
  if (config.id !== ownId) throw invalidConfig(`id: ${config.id} is not this ${kind}; expected ${ownId}`);
  return config;
}

/** What is refused changes nothing; trying it again would not help. */
export function invalidConfig(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'invalid_config');
}
