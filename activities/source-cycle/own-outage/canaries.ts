import { setTimeout as sleep } from 'node:timers/promises';
import { hasReached, type CanaryResult } from '../../../core/source-health/index.js';
import { fetchOnce, type FetchOutcome, type FetchRequest } from '../../fetch/index.js';
import { expandSecrets, type Environment } from '../../secrets/index.js';

/** A canary that has not answered by now is taken for unreachable. */
const TIMEOUT_MS = 5_000;
/** What was found out holds for this long: many sources ask at the same moment. */
const KEPT_MS = 5_000;
/** Only whether anybody answers is of interest. */
const BODY_BYTES_MAX = 65_536;

/** Addresses that the configuration names to find out whether we are online. Asked only when there is a doubt. */
export class Canaries {
  readonly #targets: readonly string[];
  readonly #env: Environment;
  readonly #userAgent: string;
  #asking: Promise<readonly CanaryResult[]> | null = null;

  constructor(targets: readonly string[], env: Environment, userAgent: string) {
    this.#targets = targets;
    this.#env = env;
    this.#userAgent = userAgent;
  }

  get areConfigured(): boolean {
    return this.#targets.length > 0;
  }

  /** What each of them says now, or said a moment ago. */
  async ask(): Promise<readonly CanaryResult[]> {
    this.#asking ??= this.#askAll().finally(() => void this.#forgetSoon());
    return await this.#asking;
  }

  async #forgetSoon(): Promise<void> {
    await sleep(KEPT_MS, undefined, { ref: false });
    this.#asking = null;
  }

  async #askAll(): Promise<readonly CanaryResult[]> {
    return await Promise.all(this.#targets.map((target) => this.#askOne(target)));
  }

  async #askOne(target: string): Promise<CanaryResult> {
    const atMs = Date.now();
    try {
      const outcome = await fetchOnce(this.#requestTo(expandSecrets(target, this.#env)));
      return { target, atMs, reached: isAnswer(outcome) };
    } catch {
      // A secret that is not set: it says nothing, as if there were no answer.
      return { target, atMs, reached: false };
    }
  }

  #requestTo(url: string): FetchRequest {
    return {
      url,
      headers: {},
      userAgent: this.#userAgent,
      accept: '*/*',
      validators: null,
      limits: {
        connect_timeout: TIMEOUT_MS,
        headers_timeout: TIMEOUT_MS,
        total_timeout: TIMEOUT_MS,
        max_body: BODY_BYTES_MAX,
        max_redirects: 0,
      },
      allowPrivate: true,
      obeyRobots: false,
    };
  }
}

function isAnswer(outcome: FetchOutcome): boolean {
  return outcome.kind !== 'failed' || hasReached('failed', outcome.cause);
}
