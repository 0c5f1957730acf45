import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { parseInstanceInput } from '../../core/config/instance.js';
import type { SourceConfig } from '../../core/config/source.js';
import type { RunCycleInput, SourceMemory } from '../../core/source-cycle/index.js';
import { concealSecrets, redact, secretsIn, type Environment } from '../secrets/index.js';
import type { AttemptScope } from './attempt.js';

/** A cycle under way: what every step of it needs. */
export interface OpenCycle {
  readonly id: string;
  readonly config: SourceConfig;
  readonly memory: SourceMemory;
  readonly attempt: number;
  /** Nothing is tried again after this attempt. */
  readonly isLastAttempt: boolean;
  /** When the cycle began. Epoch milliseconds. */
  readonly beganAtMs: number;
  /** Names everything that the answer depends on. */
  readonly validatorsFor: string;
  readonly scope: AttemptScope;
  /** The text without the secrets of the source. */
  readonly redact: (text: string) => string;
  /** The same for an address that has to stay one: secrets become `${env:NAME}` again. */
  readonly conceal: (address: string) => string;
}

/**
 * Reads what a cycle was asked with.
 * @throws {ApplicationFailure} `invalid_config`, which can only be when another version has asked.
 */
export function openCycle(input: RunCycleInput, scope: AttemptScope, env: Environment): OpenCycle {
  const parsed = parseInstanceInput('source', input.config);
  if ('error' in parsed) throw ApplicationFailure.nonRetryable(parsed.error, 'invalid_config');
  const config = parsed.ok;
  const template = JSON.stringify([config.url, config.headers]);
  const secrets = secretsIn(template, env);
  return {
    id: input.cycleId,
    config,
    memory: input.memory,
    attempt: scope.attempt,
    isLastAttempt: scope.attempt >= input.attempts,
    beganAtMs: scope.cycleAtMs,
    validatorsFor: nameOf(config),
    scope,
    redact: (text) => redact(text, secrets),
    conceal: (address) => concealSecrets(address, template, env),
  };
}

/** Validators hold for one address, asked in one way and read in one way. */
function nameOf({ url, headers, user_agent, parse, dedup, charset }: SourceConfig): string {
  const text = JSON.stringify([url, headers, user_agent, parse, dedup, charset]);
  return createHash('sha256').update(text).digest('base64url');
}
