import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Checks the token of a request: `Authorization: Bearer TOKEN`, or `Basic` with the token as password and any user name,
 * for browsers and feed readers. What is wrong about a token cannot be learned from how long the answer takes.
 */
export function createTokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const offered = authorization === undefined ? undefined : tokenIn(authorization);
    // Digests are of one length, which the comparison needs, and tell nothing of the length of the token.
    return offered !== undefined && timingSafeEqual(digest(offered), expected);
  };
}

function tokenIn(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S.*)$/.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
