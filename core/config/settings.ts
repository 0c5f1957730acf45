import { z } from 'zod';
import { httpAddress, listenAddress, pattern, secret } from './common.js';
import { duration } from './duration.js';
import { size } from './size.js';

const port = z.number().int().min(1).max(65_535);

/** Which Temporal server to use. */
export const temporalSchema = z
  .strictObject({
    profile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Profile of the Temporal client configuration (temporal.toml, TEMPORAL_* variables): TLS, API key.',
      ),
    address: pattern(/^[^\s/:]+:\d{1,5}$/, 'host:port of a Temporal server')
      .optional()
      .describe('host:port of a Temporal server; overrides that of the profile.'),
    namespace: z.string().min(1).optional().describe('Namespace; overrides that of the profile.'),
    embedded: z
      .strictObject({
        port: port
          .default(7_233)
          .describe('Port of the embedded server; a free one is taken when it is busy.'),
        ui_port: port.default(8_233).describe('Port of its Web UI; a free one is taken when it is busy.'),
      })
      .prefault({})
      .describe('The server that `up` starts when neither profile nor address is set.'),
  })
  .prefault({})
  .describe('Which Temporal server to use; `up` starts its own when neither profile nor address is set.');

/** The HTTP gateway. */
export const gatewaySchema = z
  .strictObject({
    listen: listenAddress
      .default('127.0.0.1:7600')
      .describe('host:port to serve on. Any address but loopback needs a token.'),
    token: secret().optional().describe('Clients send it as `Authorization: Bearer <token>`.'),
    body_limit: size(1_024).default(1_048_576).describe('Largest body of a request.'),
    header_limit: size(4_096).default(16_384).describe('Largest headers of a request, all together.'),
    header_timeout: duration({ minMs: 1_000, maxMs: 600_000 })
      .default(10_000)
      .describe('The headers of a request must be there in this time.'),
    request_timeout: duration({ minMs: 1_000, maxMs: 600_000 })
      .default(30_000)
      .describe('The whole request must be there in this time; the answer may take longer.'),
    requests_per_minute: z
      .number()
      .int()
      .min(10)
      .max(1_000_000)
      .default(1_200)
      .describe('Requests of one address in a minute; more are answered with 429.'),
  })
  .prefault({})
  .describe('The HTTP gateway.');

/** A live source made locally, for the demo. */
export const demoSchema = z
  .strictObject({
    listen: listenAddress
      .default('127.0.0.1:7700')
      .describe('host:port on which `up` serves a live test picture as `/live.ts`.'),
  })
  .describe('A live test picture made locally by ffmpeg, served by `up`; none when absent.');

/** Whom a site can turn to. It stands in a header, so nothing in it may end the comment that it is put into. */
export const contactSchema = pattern(
  /^(?:https?:\/\/[!-'*-~]{1,200}|[A-Z0-9._%+-]{1,64}@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+)$/i,
  'an address that begins with http:// or https://, or an e-mail address',
);

/** Each is asked when there is a doubt: a few say as much as many. */
const CANARIES_MAX = 8;

/** How to find out whether we are online. */
export const canarySchema = z
  .array(httpAddress())
  .max(CANARIES_MAX)
  .default([])
  .describe(
    'Addresses that answer as long as this machine is online; asked when a source cannot be reached. When none of them answers, no source is blamed. Without them: when most sources stop answering at once, for 2m and on until one of them answers.',
  );

/** How long things are kept. Recordings have settings of their own. */
export const retentionSchema = z
  .strictObject({
    notifications: duration({ minMs: 60_000 })
      .default(2_592_000_000)
      .describe('Notifications older than this are deleted once every sink is done with them.'),
  })
  .prefault({})
  .describe('How long things are kept in the store.');

/** Where notifications and items are kept. */
export const storeSchema = pattern(
  /^(?:sqlite:(?!.*\$\{env:)\S.*|postgres(?:ql)?:\/\/\S+|\$\{env:.*)$/,
  'sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE or ${env:NAME}',
);
