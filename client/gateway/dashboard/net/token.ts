/** The token is kept as long as the tab: neither other tabs nor later visitors find it. */
const KEY = 'holdfast-token';

type Headers_ = Readonly<Record<string, string>>;

let onNeeded: () => void = () => undefined;

/** Called when a request was refused for want of a token, or for a wrong one. */
export function whenTokenIsNeeded(ask: () => void): void {
  onNeeded = ask;
}

export function hasToken(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

/** Headers of a request; none when no token is known. */
export function tokenHeaders(): Headers_ {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** A token that was refused is no token. One that was given meanwhile is kept. */
export function forgetToken(refused: Headers_): void {
  if (tokenHeaders()['authorization'] !== refused['authorization']) return;
  sessionStorage.removeItem(KEY);
  onNeeded();
}
