import {
  fetchOnce,
  type FetchDeps,
  type FetchOutcome,
  type FetchRequest,
} from '../../../activities/fetch/index.js';

/** A request with short limits to a server of the test. */
export function requestFor(url: string, changes: Partial<FetchRequest> = {}): FetchRequest {
  return {
    url,
    headers: {},
    userAgent: 'holdfast-test/1.0 (+https://example.org/contact)',
    accept: '*/*',
    validators: null,
    limits: {
      connect_timeout: 2_000,
      headers_timeout: 5_000,
      total_timeout: 10_000,
      max_body: 1_000_000,
      max_redirects: 5,
    },
    allowPrivate: true,
    obeyRobots: false,
    ...changes,
  };
}

export function fetchFrom(
  url: string,
  changes: Partial<FetchRequest> = {},
  deps: FetchDeps = {},
): Promise<FetchOutcome> {
  return fetchOnce(requestFor(url, changes), deps);
}

/** The verdict in short: kind, or cause and whether a retry is of use. */
export function inShort(outcome: FetchOutcome): string {
  if (outcome.kind !== 'failed') return outcome.kind;
  return `${outcome.cause}${outcome.retryable ? ', retryable' : ''}`;
}

/** The outcome, which must be of this kind. */
export function expectKind<Kind extends FetchOutcome['kind']>(
  outcome: FetchOutcome,
  kind: Kind,
): Extract<FetchOutcome, { kind: Kind }> {
  if (outcome.kind !== kind)
    throw new Error(`expected ${kind}, got ${JSON.stringify(outcome).slice(0, 500)}`);
  return outcome as Extract<FetchOutcome, { kind: Kind }>;
}
