import { z } from 'zod';
import { headers, httpAddress, secret } from './common.js';
import { duration } from './duration.js';
import { discordSchema, emailSchema, ntfySchema, slackSchema, telegramSchema } from './messengers.js';
import { requestTimeout, sinkKeys } from './sink-keys.js';

/** Where notifications go. One member for each kind of sink. */
export const sinkSchema = z
  .discriminatedUnion('sink', [
    z.strictObject({ sink: z.literal('log').describe('One structured line in the log.'), ...sinkKeys }),
    z.strictObject({
      sink: z.literal('webhook').describe('POST of the notification as JSON.'),
      url: httpAddress().describe('Where to; any 2xx answer counts as delivered.'),
      headers: headers.optional().describe('Further request headers.'),
      secret: secret()
        .optional()
        .describe('Key of an HMAC-SHA-256 of the body, sent as `X-Holdfast-Signature: sha256=<hex>`.'),
      timeout: requestTimeout(),
      ...sinkKeys,
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
      ...sinkKeys,
    }),
    telegramSchema,
    discordSchema,
    slackSchema,
    ntfySchema,
    emailSchema,
  ])
  .describe('One sink for notifications.');

export type SinkConfig = z.output<typeof sinkSchema>;

/** The name under which deliveries of a sink are kept. */
export function sinkName(sink: Pick<SinkConfig, 'sink' | 'name'>): string {
  return sink.name ?? sink.sink;
}
