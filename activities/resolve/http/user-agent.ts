/** Says who is asking. */
export const HONEST_USER_AGENT = 'holdfast/0.1 (live stream recorder)';

/** For endpoints that serve browsers only. */
export const BROWSER_USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36';

/** Adds the honest User-Agent unless the configuration names another. */
export function withUserAgent(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const named = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'user-agent');
  return named ? { ...headers } : { 'user-agent': HONEST_USER_AGENT, ...headers };
}
