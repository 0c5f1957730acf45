import { z } from 'zod';
import { LEVELS } from '../notifications.js';
import { headers, httpAddress, pattern, secret, shortName } from './common.js';
import { duration } from './duration.js';

/** Keys every sink has. */
const common = {
  name: shortName
    .optional()
    .describe('Name under which deliveries are kept; the kind of sink when absent. Unique.'),
  min_level: z
    .enum(LEVELS)
    .default('info')
    .describe('Leave out what is less important: info < success < warning < error.'),
  instances: z
    .array(pattern(/^[A-Za-z0-9._*/-]{1,160}$/, 'an id like stream/alice, in which * stands for anything'))
    .min(1)
    .optional()
    .describe('Only these instances; `*` stands for anything, e.g. `capture/*`. All when absent.'),
};

/** Where notifications go. One member for each kind of sink. */
export const sinkSchema = z
  .discriminatedUnion('sink', [
    z.strictObject({ sink: z.literal('log').describe('One structured line in the log.'), ...common }),
    z.strictObject({
      sink: z.literal('webhook').describe('POST of the notification as JSON.'),
      url: httpAddress().describe('Where to; any 2xx answer counts as delivered.'),
      headers: headers.optional().describe('Further request headers.'),
      secret: secret()
        .optional()
        .describe('Key of an HMAC-SHA-256 of the body, sent as `X-Holdfast-Signature: sha256=<hex>`.'),
      timeout: duration({ minMs: 100, maxMs: 120_000 })
        .default(10_000)
        .describe('From the connection to the end of the answer.'),
      ...common,
    }),
    z.strictObject({
      sink: z.literal('command').describe('A program gets the notification as JSON on stdin.'),
      argv: z
        .array(z.string().min(1))
        .min(1)
        .describe(
          'Program and arguments; exit status 0 counts as delivered. The facts are also in the environment: HOLDFAST_ID, HOLDFAST_EVENT, HOLDFAST_LEVEL, HOLDFAST_MESSAGE, HOLDFAST_INSTANCE, HOLDFAST_BRANCH, HOLDFAST_CAUSE, HOLDFAST_ATTEMPT, HOLDFAST_TIME.',
        ),
      timeout: duration({ minMs: 100, maxMs: 300_000 })
        .default(30_000)
        .describe('The program is ended when it takes longer.'),
      ...common,
    }),
  ])
  .describe('One sink for notifications.');

export type SinkConfig = z.output<typeof sinkSchema>;

/** The name under which deliveries of a sink are kept. */
export function sinkName(sink: Pick<SinkConfig, 'sink' | 'name'>): string {
  return sink.name ?? sink.sink;
}
