import {
  rateKeyOf,
  politeFetch,
  sourceRequest,
  validatorsToSend,
  type FetchOutcome,
} from '../fetch/index.js';
import { Parser } from '../parse/index.js';
import { MissingSecretError } from '../secrets/index.js';
import type { CycleDeps } from './deps.js';
import type { OpenCycle } from './open-cycle.js';
import { movedRemark, remarksOn } from './remarks.js';
import { NO_ANSWER, type Verdict } from './verdict.js';

/** One for all sources of the process. */
const parser = new Parser();

/** What was fetched, and whom it was asked of. */
export interface Fetched {
  readonly verdict: Verdict;
  /** Sources of one site fall together when it does. */
  readonly site: string;
}

/**
 * Asks the source once and reads its answer.
 * @throws the reason of the scope's signal when the cycle is cancelled.
 */
export async function fetchSource(cycle: OpenCycle, deps: CycleDeps): Promise<Fetched> {
  const { config, scope } = cycle;
  const { env, version, contact, limiter, robots, store } = deps;
  const nowMs = Date.now();
  const stored = await store.sources.readValidators(config.id, cycle.validatorsFor);
  const fullFetchAtMs = stored?.listedAt == null ? null : Date.parse(stored.listedAt);
  const validators = validatorsToSend(stored, fullFetchAtMs, nowMs);
  try {
    const request = sourceRequest(config, { env, version, contact, validators });
    const site = rateKeyOf({ ...config, url: request.url });
    const outcome = await politeFetch(request, { limiter, rateKey: site, robots, signal: scope.signal });
    return { site: cycle.conceal(site), verdict: await verdictOf(outcome, cycle) };
  } catch (error) {
    if (!(error instanceof MissingSecretError)) throw error;
    const verdict = {
      kind: 'failed',
      cause: 'invalid_url',
      detail: error.message,
      retryable: false,
      ...NO_ANSWER,
    } as const;
    return { site: rateKeyOf(config), verdict };
  }
}

async function verdictOf(outcome: FetchOutcome, cycle: OpenCycle): Promise<Verdict> {
  switch (outcome.kind) {
    case 'ok':
      return await readAnswer(outcome, cycle);
    case 'not_modified': {
      const { status, validators, freshForMs, timings } = outcome;
      const moved = movedTo(outcome, cycle);
      return {
        kind: 'not_modified',
        validators,
        freshForMs,
        detail: moved === null ? null : movedRemark(moved),
        status,
        latencyMs: timings.totalMs,
        wireBytes: 0,
      };
    }
    case 'deferred': {
      const { untilMs, because, status } = outcome;
      const detail = cycle.redact(outcome.detail);
      return { kind: 'deferred', untilMs, because, detail, ...NO_ANSWER, status: status ?? null };
    }
    case 'failed': {
      const { cause, retryable, status } = outcome;
      const detail = cycle.redact(outcome.detail);
      return { kind: 'failed', cause, detail, retryable, ...NO_ANSWER, status: status ?? null };
    }
  }
}

async function readAnswer(answer: Extract<FetchOutcome, { kind: 'ok' }>, cycle: OpenCycle): Promise<Verdict> {
  const { config } = cycle;
  const { body, contentType, status, wireBytes, timings, freshForMs } = answer;
  const facts = { status, wireBytes, latencyMs: timings.totalMs };
  const read = await parser.parse({
    parse: config.parse,
    dedup: config.dedup,
    body,
    contentType,
    ...(config.charset === undefined ? {} : { charset: config.charset }),
    url: cycle.conceal(answer.finalUrl),
  });
  if (read.kind === 'failed') {
    return { ...read, detail: cycle.redact(read.detail), retryable: false, ...facts };
  }
  const hints = { ttlMs: read.ttlMs, freshForMs };
  const remarked = {
    ...read,
    ...hints,
    hasValidators: answer.validators !== null,
    movedTo: movedTo(answer, cycle),
  };
  return {
    kind: 'fetched',
    items: read.items,
    // An answer that was cut short has to be asked for again.
    validators: read.isComplete ? answer.validators : null,
    ...hints,
    detail: remarksOn(remarked, config),
    ...facts,
  };
}

function movedTo({ movedTo }: { readonly movedTo: string | null }, cycle: OpenCycle): string | null {
  return movedTo === null ? null : cycle.conceal(movedTo);
}
