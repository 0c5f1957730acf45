import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AwaitSourceInput, AwaitSourceResult, HostActivities } from '../../../core/activity-contract.js';
import {
  expandSecrets,
  expandSecretValues,
  MissingSecretError,
  redact,
  secretsIn,
  type Environment,
} from '../../secrets/index.js';
import { currentScope, type ActivityScope } from '../activity-scope.js';
import { withUserAgent } from '../http/user-agent.js';
import { mediaFormat } from '../media.js';
import { asDetail, shorten } from '../text.js';
import { probeFor, type Probe, type ProbeAnswer, type ProbeTarget } from './probe.js';
import { probePauseMs } from './series.js';

export interface AwaitSourceOptions {
  readonly logger: Pick<Logger, 'debug'>;
  /** Where `${env:NAME}` comes from. */
  readonly env: Environment;
}

/** A host that lets a question hang this long is not back. */
const PROBE_TIMEOUT_MS = 5_000;
/** Long waits are cut into pieces, so that each heartbeat can bring a cancellation. */
const HEARTBEAT_INTERVAL_MS = 5_000;

/**
 * Asks the media host, never the site, until it answers: first at `notBeforeMs`, then every second, backing off to 10 s,
 * until `timeoutMs`. A protocol that cannot be asked is answered at once with false.
 */
export function createAwaitSource({ logger, env }: AwaitSourceOptions): HostActivities['awaitSource'] {
  return async (input) => {
    const scope = currentScope();
    const probe = probeFor(urlStart(input.media.url, env));
    if (probe === null) return { answered: false, detail: 'this protocol cannot be asked' };
    const target = expandTarget(input, env);
    if ('detail' in target) return target;
    const result = await askUntilAnswered(input, target, probe, scope);
    const secrets = secretsIn(JSON.stringify(input.media), env);
    const clean = { ...result, detail: shorten(redact(asDetail(result.detail), secrets)) };
    logger.debug({ url: asDetail(input.media.url), ...clean }, 'asked the media host');
    return clean;
  };
}

async function askUntilAnswered(
  { timeoutMs, notBeforeMs }: AwaitSourceInput,
  target: ProbeTarget,
  probe: Probe,
  scope: ActivityScope,
): Promise<AwaitSourceResult> {
  const deadlineMs = performance.now() + timeoutMs;
  await pause(notBeforeMs, deadlineMs, scope);
  let answer: ProbeAnswer = { answered: false, detail: 'the time was too short to ask' };
  for (let n = 1; performance.now() < deadlineMs; n += 1) {
    scope.heartbeat();
    answer = await probeOnce(target, probe, deadlineMs, scope);
    if (answer.answered) return answer;
    await pause(probePauseMs(n), deadlineMs, scope);
  }
  return answer;
}

async function probeOnce(
  target: ProbeTarget,
  probe: Probe,
  deadlineMs: number,
  { signal }: ActivityScope,
): Promise<ProbeAnswer> {
  const leftMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
  const timeout = AbortSignal.timeout(Math.min(PROBE_TIMEOUT_MS, leftMs));
  try {
    return await probe(target, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { answered: false, detail: 'the media host is silent' };
    throw error;
  }
}

/** Sleeps, but not beyond the deadline, and ends at once with the reason when the activity is cancelled. */
async function pause(durationMs: number, deadlineMs: number, scope: ActivityScope): Promise<void> {
  const untilMs = Math.min(performance.now() + durationMs, deadlineMs);
  for (let leftMs = untilMs - performance.now(); leftMs > 0; leftMs = untilMs - performance.now()) {
    scope.heartbeat();
    try {
      await sleep(Math.min(leftMs, HEARTBEAT_INTERVAL_MS), undefined, { signal: scope.signal });
    } catch (error) {
      scope.signal.throwIfAborted();
      throw error;
    }
  }
  scope.signal.throwIfAborted();
}

function expandTarget({ media }: AwaitSourceInput, env: Environment): ProbeTarget | AwaitSourceResult {
  try {
    const url = expandSecrets(media.url, env);
    return {
      url,
      headers: expandSecretValues(withUserAgent(media.headers), env),
      format: media.format ?? mediaFormat(url),
    };
  } catch (error) {
    if (error instanceof MissingSecretError) return { answered: false, detail: error.message };
    throw error;
  }
}

/** The address, or what stands for it when a secret is missing: the scheme may be part of one. */
function urlStart(url: string, env: Environment): string {
  try {
    return expandSecrets(url, env);
  } catch (error) {
    if (error instanceof MissingSecretError) return url;
    throw error;
  }
}
