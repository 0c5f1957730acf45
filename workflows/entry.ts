import { ApplicationFailure } from '@temporalio/workflow';
import { parseInstanceInput, type InstanceConfigs, type InstanceKind } from '../core/config/instance.js';

/** Reads the entry of an instance, or fails naming key, value and what is allowed. */
export function configOrFailure<Kind extends InstanceKind>(
  kind: Kind,
  input: unknown,
): InstanceConfigs[Kind] {
  const parsed = parseInstanceInput(kind, input);
  if ('error' in parsed) throw invalidConfig(parsed.error);
  return parsed.ok;
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
