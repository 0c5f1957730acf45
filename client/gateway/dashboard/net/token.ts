import { pagePath } from './paths.js';

/**
 * The token is kept as long as the tab: neither other tabs nor later visitors find it. Behind a proxy, the tab may also see other
 * gateways of the same host, each with a token of its own.
 */
function key(): string {
  return `holdfast-token ${pagePath()}`;
}

type Headers_ = Readonly<Record<string, string>>;

let onNeeded: () => void = () => undefined;

/** Called when a request was refused for want of a token, or for a wrong one. */
export function whenTokenIsNeeded(ask: () => void): void {
  onNeeded = ask;
}

export function hasToken(): boolean {
  return sessionStorage.getItem(key()) !== null;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(key(), token);
}

/** Headers of a request; none when no token is known. */
export function tokenHeaders(): Headers_ {
  const token = sessionStorage.getItem(key());
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** A token that was refused is no token. One that was given meanwhile is kept. */
export function forgetToken(refused: Headers_): void {
  if (tokenHeaders()['authorization'] !== refused['authorization']) return;
  sessionStorage.removeItem(key());
  onNeeded();
}
