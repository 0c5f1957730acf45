import type { GatewayApp } from './app.js';

/** What a browser must not do with an answer; a route that needs something else sets its own. */
const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  // States are of this moment, and some answers are only for those with a token.
  'cache-control': 'no-store',
} as const;

/** Set before anything can go wrong, so that problems carry them too. */
export function addSafetyHeaders(app: GatewayApp): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(SAFETY_HEADERS);
    done();
  });
}
