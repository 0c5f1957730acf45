import { z } from 'zod';
import { captureInputSchema } from './capture-input.js';
import { captureRecoverySchema, outputRecoverySchema } from './capture-recovery.js';
import { address, heartbeatTimeout, hostName, instanceName, pattern, recordShape } from './common.js';
import { duration } from './duration.js';
import { size } from './size.js';

const encoderOptions = z.record(z.string().min(1), z.union([z.string(), z.number()]));

/** The branch of the ingest has this name, so no output may. */
const outputName = pattern(
  /^(?!ingest$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  '1 to 63 letters, digits, dots, dashes or underscores, the first a letter or digit; not ingest, the name of the branch that feeds them',
);

/** How the picture is encoded, once for all outputs. */
const encodeSchema = z
  .strictObject({
    video: z
      .string()
      .min(1)
      .default('libx264')
      .describe(
        'Encoder of ffmpeg: `libx264`, `h264_vaapi`, `h264_nvenc`, `h264_v4l2m2m` or any other by name.',
      ),
    bitrate: pattern(/^\d+(?:\.\d+)?[kM]?$/, 'bits a second like 6M or 4500k')
      .default('6M')
      .describe('Bitrate of the picture.'),
    keyframe_interval: duration({ minMs: 100, maxMs: 60_000 })
      .default(2_000)
      .describe('Length of a closed group of pictures; every output can begin at each of them.'),
    options: encoderOptions.default({}).describe('Options of the encoder, e.g. `{ preset: veryfast }`.'),
    audio: z.string().min(1).default('aac').describe('Encoder of the sound.'),
    audio_bitrate: pattern(/^\d+(?:\.\d+)?[kM]?$/, 'bits a second like 160k')
      .default('160k')
      .describe('Bitrate of the sound.'),
  })
  .prefault({})
  .describe('How the picture is encoded, once for all outputs. A GStreamer pipeline encodes by itself.');

/** How the picture is encoded, defaults filled in. */
export type EncodeConfig = z.output<typeof encodeSchema>;

const outputCommon = {
  name: outputName.describe('Name of the output and of its branch; unique within the capture.'),
  recovery: outputRecoverySchema.optional(),
};

/** One output: a process of its own that fails alone. */
export const outputSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('push').describe('Sends the encoded stream somewhere.'),
      url: address(['rtmp', 'rtmps', 'srt', 'udp', 'file']).describe('Where to.'),
      format: z
        .enum(['auto', 'flv', 'mpegts'])
        .default('auto')
        .describe('Container: `auto` takes flv for RTMP and mpegts for the others.'),
      ...outputCommon,
    }),
    z.strictObject({
      kind: z.literal('record').describe('Writes segments under `data_dir`.'),
      ...recordShape,
      min_free: size()
        .optional()
        .describe('Stop recording when less is free; one minute at the measured bitrate when absent.'),
      warn_free: size()
        .optional()
        .describe('Warn when less is free; ten minutes at the measured bitrate when absent.'),
      keep: duration({ minMs: 60_000 })
        .optional()
        .describe('Delete segments older than this, oldest first; never when absent.'),
      keep_size: size(1_000_000)
        .optional()
        .describe('Delete the oldest segments beyond this total; never when absent.'),
      ...outputCommon,
    }),
  ])
  .describe('One output.');

export type OutputConfig = z.output<typeof outputSchema>;

export const captureSchema = z.strictObject({
  id: instanceName.describe('Name of the capture; its workflow is `capture/<id>`.'),
  host: hostName.optional().describe('The host the device is on; any host with a device worker when absent.'),
  input: captureInputSchema,
  encode: encodeSchema,
  hub: pattern(
    /^239\.255\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/,
    'a multicast address from 239.255.0.0 to 239.255.255.255',
  )
    .optional()
    .describe(
      'Address of the loopback hub; follows from the id when absent. Set it when two ids collide on a host.',
    ),
  outputs: z.array(outputSchema).max(64).default([]).describe('Where the encoded stream goes.'),
  autostart: z.boolean().default(true).describe('Start at once; otherwise wait for `resume`.'),
  stall_timeout: duration({ minMs: 1_000, maxMs: 3_600_000 })
    .default(15_000)
    .describe('No progress for this long ends the run with stream_timeout.'),
  heartbeat_timeout: heartbeatTimeout,
  recovery: captureRecoverySchema.prefault({}).describe('What is done when something fails.'),
});

/** A capture as configured, defaults filled in, durations in milliseconds. */
export type CaptureConfig = z.output<typeof captureSchema>;
/** A capture as people write it: the input of the workflow `capture`. */
export type CaptureInput = z.input<typeof captureSchema>;
