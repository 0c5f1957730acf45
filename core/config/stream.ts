import { z } from 'zod';
import { duration } from './duration.js';
import {
  address,
  headers,
  hostName,
  httpAddress,
  instanceName,
  pattern,
  recordSettings,
  secret,
  heartbeatTimeout,
} from './common.js';

const requestHeaders = headers
  .optional()
  .describe('Request headers to send, e.g. `{ Referer: https://example.org/ }`.');
const toolArguments = z
  .array(z.string())
  .default([])
  .describe('Further arguments of the program, as they stand.');

/** What our reader and ffmpeg read live media from. A file is no live source: it would be recorded as fast as the disk can read. */
const MEDIA_SCHEMES = [
  'http',
  'https',
  'rtmp',
  'rtmps',
  'rtmpt',
  'rtmpe',
  'rtsp',
  'rtsps',
  'srt',
  'udp',
  'rtp',
  'tcp',
  'tls',
  'rist',
] as const;

/** How a live URL is found. Strings may hold `${env:NAME}`; the host expands it at the moment of use. */
export const resolverSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('direct').describe('The address is known.'),
      url: address(MEDIA_SCHEMES).describe(
        'Address of the media: HTTP (HLS, FLV, MPEG-TS), rtmp, rtsp, srt, udp and others that ffmpeg reads from a network.',
      ),
      headers: requestHeaders,
    }),
    z.strictObject({
      kind: z.literal('http-json').describe('A JSON document names the address.'),
      url: httpAddress().describe('Address of the JSON document.'),
      headers: requestHeaders,
      path: z
        .string()
        .min(1)
        .describe('JMESPath that gives the live URL; null or an empty answer means not live.'),
      title_path: z.string().min(1).optional().describe('JMESPath that gives the title of the show.'),
    }),
    z.strictObject({
      kind: z.literal('command').describe('A program prints the address.'),
      argv: z
        .array(z.string())
        .min(1)
        .describe('Program and arguments; prints the URL on stdout, nothing when there is no show.'),
      timeout: duration({ minMs: 100, maxMs: 300_000 })
        .default(30_000)
        .describe('The program is ended when it takes longer.'),
    }),
    z.strictObject({
      kind: z
        .literal('streamlink')
        .describe('streamlink finds the address (`holdfast doctor` says how to install it).'),
      url: z.string().min(1).describe('Address of the page of the channel.'),
      quality: z
        .string()
        .min(1)
        .default('best')
        .describe('Name of the quality, or several separated by commas.'),
      args: toolArguments,
    }),
    z.strictObject({
      kind: z
        .literal('yt-dlp')
        .describe('yt-dlp finds the address (`holdfast doctor` says how to install it).'),
      url: z.string().min(1).describe('Address of the page of the channel or show.'),
      format: z.string().min(1).default('best').describe('Format selection of yt-dlp.'),
      args: toolArguments,
    }),
    z.strictObject({
      kind: z.literal('tiktok').describe('The live room of a TikTok user.'),
      user: pattern(/^@?[A-Za-z0-9_.]{1,64}$/, 'a TikTok user name').describe(
        'User name, with or without @.',
      ),
      quality: z.enum(['best', 'worst']).default('best').describe('Which of the offered qualities is taken.'),
      base_url: httpAddress()
        .default('https://www.tiktok.com')
        .describe('Where the room of a user is looked up.'),
      webcast_url: httpAddress()
        .default('https://webcast.tiktok.com')
        .describe('Where the live URL of a room is looked up.'),
      cookies: secret().optional().describe('Cookie header of a signed-in account, for rooms that need one.'),
    }),
  ])
  .describe('How the live URL is found, each time anew.');

export type ResolverConfig = z.output<typeof resolverSchema>;

/** Recovery of a stream. */
export const streamRecoverySchema = z
  .strictObject({
    quick_retries: z
      .number()
      .int()
      .min(0)
      .max(20)
      .default(3)
      .describe('Quick retries after a lost connection: at once, after 1 s, after 2 s, and so on.'),
    connection_wait: duration({ minMs: 0, maxMs: 86_400_000 })
      .default(120_000)
      .describe('After the quick retries: wait this long before a fresh URL.'),
    early_return: z
      .boolean()
      .default(true)
      .describe('End that wait as soon as the media host answers again.'),
    http_wait: duration({ minMs: 100, maxMs: 86_400_000 })
      .default(2_000)
      .describe('Pause after a failed request or HTTP error.'),
    reset_after: duration({ minMs: 0 })
      .default(60_000)
      .describe('Healthy running for this long gives every budget of retries back.'),
    auto_restart: z.boolean().default(true).describe('False turns every retry into a stop with a notice.'),
    max_retries: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(3)
      .describe('Retries for crashed and unknown ends.'),
    retry_delay: duration({ minMs: 0, maxMs: 86_400_000 })
      .default(5_000)
      .describe('Pause between those retries.'),
  })
  .prefault({})
  .describe('What is done when the connection is lost.');

export const streamSchema = z.strictObject({
  id: instanceName.describe('Name of the stream; its workflow is `stream/<id>`.'),
  host: hostName.optional().describe('The host that records; any host with a device worker when absent.'),
  resolver: resolverSchema,
  watch: z.boolean().default(false).describe('Wait for the next show instead of stopping.'),
  poll: z
    .strictObject({
      min: duration({ minMs: 1_000 }).default(30_000).describe('Shortest pause between two looks.'),
      max: duration({ minMs: 1_000 }).default(120_000).describe('Longest pause between two looks.'),
      recheck: duration({ minMs: 100 })
        .default(30_000)
        .describe('One quick look this long after a show has ended.'),
    })
    .prefault({})
    .refine((poll) => poll.min <= poll.max, {
      message: 'expected a duration not longer than max',
      path: ['min'],
    })
    .describe('How often to look for a show while waiting, spread at random between `min` and `max`.'),
  record: recordSettings,
  finalize: z
    .boolean()
    .default(false)
    .describe('Make one MP4 of each show when it is over, by a job `finalize`; the segments stay.'),
  stall_timeout: duration({ minMs: 1_000, maxMs: 3_600_000 })
    .default(15_000)
    .describe('No progress for this long counts as a lost stream.'),
  heartbeat_timeout: heartbeatTimeout,
  recovery: streamRecoverySchema,
});

/** A stream as configured, defaults filled in, durations in milliseconds. */
export type StreamConfig = z.output<typeof streamSchema>;
/** A stream as people write it: the input of the workflow `stream`. */
export type StreamInput = z.input<typeof streamSchema>;
