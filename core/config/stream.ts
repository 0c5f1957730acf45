import { z } from 'zod';
import { duration } from './duration.js';
import { hostName, instanceName, recordSettings } from './common.js';

const headers = z.record(z.string(), z.string());

/** How a live URL is found. Strings may hold `${env:NAME}`; the host expands it at the moment of use. */
export const resolverSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('direct'), url: z.string().min(1), headers: headers.optional() }),
  z.strictObject({
    kind: z.literal('http-json'),
    url: z.string().min(1),
    headers: headers.optional(),
    /** JMESPath that gives the live URL; null or an empty answer means not live. */
    path: z.string().min(1),
    /** JMESPath that gives the title of the show. */
    title_path: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('command'),
    /** Program and arguments; prints the URL on stdout, nothing when there is no show. */
    argv: z.array(z.string()).min(1),
    timeout: duration({ minMs: 100, maxMs: 300_000 }).default(30_000),
  }),
  z.strictObject({
    kind: z.literal('streamlink'),
    url: z.string().min(1),
    quality: z.string().min(1).default('best'),
    args: z.array(z.string()).default([]),
  }),
  z.strictObject({
    kind: z.literal('yt-dlp'),
    url: z.string().min(1),
    format: z.string().min(1).default('best'),
    args: z.array(z.string()).default([]),
  }),
  z.strictObject({
    kind: z.literal('tiktok'),
    user: z.string().regex(/^@?[A-Za-z0-9_.]{1,64}$/, 'expected a TikTok user name'),
    quality: z.enum(['best', 'worst']).default('best'),
    base_url: z.url().default('https://www.tiktok.com'),
    webcast_url: z.url().default('https://webcast.tiktok.com'),
    cookies: z.string().optional(),
  }),
]);

export type ResolverConfig = z.output<typeof resolverSchema>;

/** Recovery of a stream. */
export const streamRecoverySchema = z
  .strictObject({
    /** Quick retries after a lost connection: at once, after 1 s, after 2 s, and so on. */
    quick_retries: z.number().int().min(0).max(20).default(3),
    /** After the quick retries: wait this long before a fresh URL. */
    connection_wait: duration({ minMs: 0, maxMs: 86_400_000 }).default(120_000),
    /** End the wait as soon as the media host answers again. */
    early_return: z.boolean().default(true),
    /** Pause after a failed request or HTTP error. */
    http_wait: duration({ minMs: 100, maxMs: 86_400_000 }).default(2_000),
    /** Healthy running for this long gives every budget back. */
    reset_after: duration({ minMs: 0 }).default(60_000),
    /** False turns every retry into a stop with a notice. */
    auto_restart: z.boolean().default(true),
    /** Retries for crashed and unknown ends. */
    max_retries: z.number().int().min(0).max(10_000).default(3),
    /** Pause between those retries. */
    retry_delay: duration({ minMs: 0, maxMs: 86_400_000 }).default(5_000),
  })
  .prefault({});

export const streamSchema = z.strictObject({
  id: instanceName,
  /** The host that records; any host with a device worker when absent. */
  host: hostName.optional(),
  resolver: resolverSchema,
  /** Wait for the next show instead of stopping. */
  watch: z.boolean().default(false),
  /** How often to look for a show while waiting, spread at random between `min` and `max`. */
  poll: z
    .strictObject({
      min: duration({ minMs: 1_000 }).default(30_000),
      max: duration({ minMs: 1_000 }).default(120_000),
      /** One quick look this long after a show has ended. */
      recheck: duration({ minMs: 100 }).default(30_000),
    })
    .prefault({})
    .refine((poll) => poll.min <= poll.max, { message: 'min must not be larger than max', path: ['min'] }),
  record: recordSettings,
  /** No progress for this long counts as a lost stream. */
  stall_timeout: duration({ minMs: 1_000, maxMs: 3_600_000 }).default(15_000),
  recovery: streamRecoverySchema,
});

/** A stream as configured, defaults filled in, durations in milliseconds. */
export type StreamConfig = z.output<typeof streamSchema>;
/** A stream as people write it: the input of the workflow `stream`. */
export type StreamInput = z.input<typeof streamSchema>;
