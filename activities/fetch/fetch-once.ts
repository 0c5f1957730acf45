import type { Agent, Dispatcher } from 'undici';
import { createAgent } from './agent.js';
import { AttemptFailure } from './attempt-failure.js';
import { readBody } from './body.js';
import { unpack } from './content-encoding.js';
import { Deadline } from './deadline.js';
import { freshForMs } from './freshness.js';
import { sendHop, type Hop } from './hop.js';
import { httpUrl, maySeeCredentials, redirectOf, withoutCredentials } from './redirect.js';
import type { FetchDeps, FetchOutcome, FetchRequest } from './request.js';
import { single } from '../resolve/http/page.js';
import { validatorsOf } from './validators.js';
import { failureOf, verdictOfStatus } from './verdict.js';

/** Headers of an answer that are of use to others. */
const PICKED_HEADERS = ['content-type', 'content-language', 'cache-control', 'expires', 'age', 'date'];

/** An attempt under way: what every step of it needs. */
interface Attempt {
  readonly request: FetchRequest;
  readonly deps: FetchDeps;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly startedAtMs: number;
}

/** The end of a chain of redirects. */
interface Arrival {
  readonly answer: Dispatcher.ResponseData;
  readonly url: URL;
  readonly movedForGood: boolean;
}

/**
 * Fetches a source once: one chain of redirects, on connections of its own, within the limits. It never tries again:
 * retries belong to whoever asks. What goes wrong is an outcome.
 * @throws the reason of `deps.signal` when it is aborted, and nothing else.
 */
export async function fetchOnce(request: FetchRequest, deps: FetchDeps = {}): Promise<FetchOutcome> {
  deps.signal?.throwIfAborted();
  const deadline = new Deadline(request.limits.total_timeout, deps.signal);
  const agent = createAgent(request, deps);
  const { signal } = deadline;
  try {
    return await run({ request, deps, agent, signal, startedAtMs: performance.now() });
  } catch (error) {
    deps.signal?.throwIfAborted();
    return failureOf(signal.aborted ? signal.reason : error);
  } finally {
    deadline.clear();
    await agent.destroy();
  }
}

async function run(attempt: Attempt): Promise<FetchOutcome> {
  const arrival = await followRedirects(attempt);
  if ('kind' in arrival) return arrival;
  const { statusCode: status } = arrival.answer;
  try {
    if (status === 304 || (status >= 200 && status < 300)) return await takeIn(arrival, attempt);
    return await verdictOfStatus(arrival.answer, now(attempt));
  } finally {
    cancel(arrival.answer);
  }
}

async function followRedirects(attempt: Attempt): Promise<Arrival | FetchOutcome> {
  const { request, agent, signal, deps } = attempt;
  let hop: Hop = { url: httpUrl(request.url), withCredentials: true };
  let movedForGood = true;
  const visited = new Set<string>();
  for (let redirects = 0; redirects <= request.limits.max_redirects; redirects += 1) {
    visited.add(hop.url.href);
    const refusal = await askRobots(hop.url, attempt);
    if (refusal !== null) return refusal;
    const answer = await sendHop(hop, request, agent, signal, deps);
    // An answer that is given up is destroyed with an error that nobody needs.
    answer.body.on('error', () => undefined);
    const redirect = redirectOf(answer.statusCode, single(answer.headers['location']), hop.url);
    if (redirect === null) {
      return { answer, url: hop.url, movedForGood: movedForGood && redirects > 0 };
    }
    cancel(answer);
    const { target } = redirect;
    if (visited.has(target.href)) throw new AttemptFailure('invalid_url', 'the redirects go in a circle');
    movedForGood &&= redirect.isPermanent;
    hop = { url: target, withCredentials: hop.withCredentials && maySeeCredentials(target, hop.url) };
  }
  throw new AttemptFailure('invalid_url', `more than ${request.limits.max_redirects} redirects`);
}

/** Null when the page may be fetched. */
async function askRobots(url: URL, { request, deps, signal }: Attempt): Promise<FetchOutcome | null> {
  if (!request.obeyRobots) return null;
  if (deps.robots === undefined) {
    throw new AttemptFailure('other', 'robots.txt is to be obeyed, and nothing that reads it was given');
  }
  const verdict = await deps.robots.verdict(url, request, { ...deps, signal });
  if (verdict.kind === 'allowed') return null;
  if (verdict.kind === 'unknown') return verdict.outcome;
  throw new AttemptFailure('blocked', verdict.detail);
}

async function takeIn({ answer, url, movedForGood }: Arrival, attempt: Attempt): Promise<FetchOutcome> {
  const { request, startedAtMs } = attempt;
  const { statusCode: status, headers } = answer;
  const headersMs = performance.now() - startedAtMs;
  const picked = pick(headers);
  const isUnchanged = status === 304;
  const finalUrl = withoutCredentials(url);
  const about = () => ({
    status,
    finalUrl,
    movedTo: movedForGood ? finalUrl : null,
    headers: picked,
    validators: validatorsOf(headers, isUnchanged ? request.validators : null),
    freshForMs: freshForMs(picked, now(attempt)),
    timings: { headersMs, totalMs: performance.now() - startedAtMs },
  });
  if (isUnchanged) return { kind: 'not_modified', ...about() };
  const maxBytes = request.limits.max_body;
  const packed = await readBody(answer.body, single(headers['content-length']), maxBytes);
  const body = await unpack(packed, joined(headers['content-encoding']), maxBytes);
  attempt.signal.throwIfAborted();
  const contentType = picked['content-type'] ?? null;
  return { kind: 'ok', ...about(), body, contentType, wireBytes: packed.length };
}

function pick(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    PICKED_HEADERS.flatMap((name) => {
      const value = single(headers[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function joined(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '');
}

/** Closes the connection without reading the rest. */
function cancel(answer: Dispatcher.ResponseData): void {
  answer.body.destroy();
}

function now({ deps }: Attempt): number {
  return (deps.nowMs ?? Date.now)();
}
