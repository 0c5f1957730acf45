import robotsParserModule, { type Robot } from 'robots-parser';
import { fetchOnce } from './fetch-once.js';
import type { FetchDeps, FetchOutcome, FetchRequest, RobotsGate, RobotsVerdict } from './request.js';

/** RFC 9309 asks for no longer than a day. */
const KEPT_MS = 86_400_000;
/** Rules that cannot be read anew stay in force this long. */
const STALE_MS = 7 * 86_400_000;
/** RFC 9309 asks for at least 500 KiB; what comes after that is not read. */
const RULES_BYTES_MAX = 512_000;
/** A larger file is no robots.txt. */
const FILE_BYTES_MAX = 2_097_152;
/** Sites remembered at the same time; the oldest is forgotten. */
const SITES_MAX = 1_000;

/** The package is CommonJS: its types say that the function is a field, but it is the module itself. */
const parseRules = robotsParserModule as unknown as (address: string, text: string) => Robot;

interface KnownRules {
  readonly rules: Robot;
  readonly readAtMs: number;
}

/** Rules of robots.txt for all sources of a process: asked once a day, and once at a time for a site. */
export class RobotsRules implements RobotsGate {
  readonly #known = new Map<string, KnownRules>();
  readonly #asking = new Map<string, Promise<KnownRules | FetchOutcome>>();

  /** @throws the reason of the signal when it is aborted. */
  async verdict(url: URL, request: FetchRequest, deps: FetchDeps): Promise<RobotsVerdict> {
    const answer = await this.#rulesOf(url, request, deps);
    if ('kind' in answer) return { kind: 'unknown', outcome: answer };
    const isRefused = answer.rules.isDisallowed(url.href, productOf(request.userAgent)) === true;
    return isRefused
      ? { kind: 'refused', detail: `robots.txt of ${url.host} disallows this page; see the key robots` }
      : { kind: 'allowed' };
  }

  async #rulesOf(url: URL, request: FetchRequest, deps: FetchDeps): Promise<KnownRules | FetchOutcome> {
    const nowMs = (deps.nowMs ?? Date.now)();
    const known = this.#known.get(url.origin);
    if (known !== undefined && nowMs - known.readAtMs < KEPT_MS) return known;
    const answer = await unlessAborted(this.#ask(url.origin, request, deps, nowMs), deps.signal);
    const isFresh = !('kind' in answer);
    return !isFresh && known !== undefined && nowMs - known.readAtMs < STALE_MS ? known : answer;
  }

  /** Shared by all who wait for the same site, so it does not end when one of them gives up. */
  #ask(
    origin: string,
    request: FetchRequest,
    deps: FetchDeps,
    nowMs: number,
  ): Promise<KnownRules | FetchOutcome> {
    const underWay = this.#asking.get(origin);
    if (underWay !== undefined) return underWay;
    const asked = this.#read(origin, request, deps, nowMs).finally(() => this.#asking.delete(origin));
    this.#asking.set(origin, asked);
    return asked;
  }

  async #read(
    origin: string,
    request: FetchRequest,
    deps: FetchDeps,
    nowMs: number,
  ): Promise<KnownRules | FetchOutcome> {
    const { signal: _signal, robots: _robots, ...rest } = deps;
    const address = `${origin}/robots.txt`;
    const outcome = await fetchOnce(robotsRequest(address, request), rest);
    const text = rulesIn(outcome);
    if (text === null) return aboutRobots(outcome);
    const known = { rules: parseRules(address, text), readAtMs: nowMs };
    if (this.#known.size >= SITES_MAX) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.delete(origin);
    this.#known.set(origin, known);
    return known;
  }
}

function robotsRequest(url: string, request: FetchRequest): FetchRequest {
  return {
    ...request,
    url,
    headers: {},
    accept: 'text/plain, */*;q=0.5',
    validators: null,
    obeyRobots: false,
    limits: { ...request.limits, max_body: FILE_BYTES_MAX },
  };
}

/** The rules, none where the site has no such file (RFC 9309: any 4xx), or null when that is not known. */
function rulesIn(outcome: FetchOutcome): string | null {
  if (outcome.kind === 'ok') return outcome.body.subarray(0, RULES_BYTES_MAX).toString('utf8');
  if (outcome.kind !== 'failed') return null;
  const { status } = outcome;
  const isAbsent = status !== undefined && status >= 400 && status < 500 && status !== 429;
  return isAbsent || outcome.cause === 'too_large' ? '' : null;
}

/** RFC 9309: a site whose rules cannot be read for its own trouble is not to be fetched from for now. */
function aboutRobots(outcome: FetchOutcome): FetchOutcome {
  if (outcome.kind === 'deferred' || outcome.kind === 'failed') {
    return { ...outcome, detail: `robots.txt: ${outcome.detail}` };
  }
  return { kind: 'failed', cause: 'other', detail: 'robots.txt: no document', retryable: true };
}

/** The name that robots.txt knows us by: `holdfast` of `holdfast/1.0 (+https://...)`. */
function productOf(userAgent: string): string {
  return userAgent.split(/[/\s(]/, 1)[0] ?? '';
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
