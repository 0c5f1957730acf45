import { z } from 'zod';
import { duration } from './duration.js';
import { configFacts } from './facts.js';

/** Text of a pattern: what the configuration allows there, said once for errors and documentation. */
export function pattern(regex: RegExp, allowed: string) {
  return z.string().regex(regex, `expected ${allowed}`).register(configFacts, { allowed });
}

/** A value that must never be printed: `${env:NAME}`, or the secret itself (with a warning). */
export function secret() {
  return z.string().min(1).register(configFacts, { allowed: 'a secret as ${env:NAME}', secret: true });
}

/** An address with one of these schemes. `${env:NAME}` may stand anywhere in it. */
export function address(schemes: readonly string[]) {
  const allowed = `an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, or \${env:NAME}`;
  const regex = new RegExp(`^(?:(?:${schemes.join('|')})://\\S+|\\$\\{env:.*)$`, 'i');
  return pattern(regex, allowed);
}

/** An address to fetch over HTTP. */
export function httpAddress() {
  return address(['http', 'https']);
}

/** Request headers, with nothing in them that could break out of a header line. */
export const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected a header name'),
  pattern(/^[^\r\n\0]*$/, 'a header value on one line; it may hold ${env:NAME}'),
);

/** Name of an instance within its kind; it becomes part of the workflow id and of paths. */
export const instanceName = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  '1 to 128 letters, digits, dots, dashes or underscores, the first a letter or digit',
);

/** Name of an output or a sink. */
export const shortName = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  '1 to 63 letters, digits, dots, dashes or underscores, the first a letter or digit',
);

/** Name of a device host; it becomes part of the task queue. */
export const hostName = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  'a host name of 1 to 63 letters, digits, dots, dashes or underscores',
);

/** Where media is written to and how. */
export const recordShape = {
  container: z
    .enum(['mpegts', 'fmp4', 'mkv'])
    .default('mpegts')
    .describe('File format of a segment. `mpegts` survives a cut at any byte.'),
  segment: duration({ minMs: 1_000, maxMs: 3_600_000 })
    .default(60_000)
    .describe('Length of a segment; it is cut at the next key frame.'),
};

/** How a recording is written. */
export const recordSettings = z
  .strictObject(recordShape)
  .prefault({})
  .describe('How the recording is written.');

/** `host:port` to listen on; the port must be fixed so that people find it again. */
export const listenAddress = pattern(
  /^(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/i,
  'host:port with a port from 1 to 65535, e.g. 127.0.0.1:7600',
);

/** How long a silent device host keeps its runs before another attempt is made. */
export const heartbeatTimeout = duration({ minMs: 2_000, maxMs: 600_000 })
  .default(30_000)
  .describe('A host not heard of for this long is taken for lost; it reports three times as often.');
