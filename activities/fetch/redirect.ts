import { AttemptFailure } from './attempt-failure.js';

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const PERMANENT_STATUSES: ReadonlySet<number> = new Set([301, 308]);

/** Where an answer sends us on to. */
export interface Redirect {
  readonly target: URL;
  readonly isPermanent: boolean;
}

/**
 * Reads an address to fetch.
 * @throws {AttemptFailure} when it is none, or not of HTTP.
 */
export function httpUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  const what = base === undefined ? 'the address' : 'the redirect';
  if (url === null) throw new AttemptFailure('invalid_url', `${what} cannot be read`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AttemptFailure('invalid_url', `${what} leads to ${url.protocol} instead of http: or https:`);
  }
  return url;
}

/** Null when the answer is no redirect. */
export function redirectOf(status: number, location: string | undefined, current: URL): Redirect | null {
  if (!REDIRECT_STATUSES.has(status)) return null;
  if (location === undefined) {
    throw new AttemptFailure('invalid_url', `HTTP ${status} without an address to go on to`);
  }
  return { target: httpUrl(location, current), isPermanent: PERMANENT_STATUSES.has(status) };
}

/** True when what was configured for one address may be told to the other: the same origin, or its step up to TLS. */
export function maySeeCredentials(next: URL, previous: URL): boolean {
  if (next.origin === previous.origin) return true;
  const isUpgrade = previous.protocol === 'http:' && next.protocol === 'https:';
  return isUpgrade && next.hostname === previous.hostname && next.port === '' && previous.port === '';
}

/** The address as it may be shown and stored. */
export function withoutCredentials(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  return shown.href;
}
