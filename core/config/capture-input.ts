import { z } from 'zod';
import { pattern } from './common.js';
import { duration } from './duration.js';
import { configFacts } from './facts.js';
import { expandShortForm } from './short-forms.js';

/** Reading a file costs nothing; asking a program costs a process. Either way a loss is told well within 3 s. */
const FILE_INTERVAL_MS = 200;
const PROGRAM_INTERVAL_MS = 500;

const interval = duration({ minMs: 100, maxMs: 60_000 }).describe('How often to ask.');

const patience = {
  debounce: duration({ minMs: 0, maxMs: 60_000 })
    .default(2_000)
    .describe('The signal counts as lost when the probe alone has said so for this long.'),
  stable: duration({ minMs: 0, maxMs: 60_000 })
    .default(3_000)
    .describe('The signal counts as back when the probe has seen it for this long.'),
};

const programTiming = { interval: interval.default(PROGRAM_INTERVAL_MS), ...patience };
const fileTiming = { interval: interval.default(FILE_INTERVAL_MS), ...patience };

/** A regular expression that the machine can use. */
const regularExpression = z
  .string()
  .min(1)
  .refine(isRegularExpression, 'expected a regular expression')
  .register(configFacts, { allowed: 'a regular expression' });

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}

/** How to know whether the input has a signal. */
export const probeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z
        .literal('v4l2')
        .describe(
          'Asks the driver for DV timings and source changes (v4l2-ctl); a device without them cannot tell.',
        ),
      device: z
        .string()
        .min(1)
        .optional()
        .describe('The device to ask; that of a `v4l2` input when absent, other inputs have none.'),
      ...programTiming,
    }),
    z.strictObject({
      kind: z.literal('sysfs').describe('Reads a file of the driver; one that cannot be read says nothing.'),
      path: z.string().min(1).describe('The file, e.g. `/sys/class/hdmirx/hdmirx0/cable`.'),
      pattern: regularExpression.describe(
        'Regular expression that matches the content when there is a signal.',
      ),
      ...fileTiming,
    }),
    z.strictObject({
      kind: z
        .literal('command')
        .describe(
          'Runs a program: exit status 0 means a signal; 124, 126, 127 or a crash say nothing, any other means none.',
        ),
      argv: z.array(z.string()).min(1).describe('Program and arguments.'),
      timeout: duration({ minMs: 100, maxMs: 60_000 })
        .default(5_000)
        .describe('A program that takes longer has said nothing.'),
      ...programTiming,
    }),
    z.strictObject({
      kind: z.literal('none').describe('No probe: only signals sent to the workflow count.'),
    }),
  ])
  .prefault({ kind: 'none' })
  .describe('How to know whether the input has a signal.');

const audioSchema = z.strictObject({
  device: z.string().min(1).describe('ALSA device, e.g. `hw:1,0`.'),
  rate: z.number().int().min(8_000).max(192_000).default(48_000).describe('Sample rate in hertz.'),
  channels: z.number().int().min(1).max(16).default(2).describe('Number of channels.'),
});

const inputKinds = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('v4l2').describe('A Video4Linux device, with ALSA for sound.'),
    device: z.string().min(1).default('/dev/video0').describe('Path of the capture device.'),
    size: pattern(/^\d{2,5}x\d{2,5}$/, 'a size like 1920x1080')
      .optional()
      .describe('Picture size; what the device delivers when absent.'),
    rate: z
      .number()
      .positive()
      .max(1_000)
      .optional()
      .describe('Frames a second; the device decides when absent.'),
    format: z
      .string()
      .min(1)
      .optional()
      .describe('Pixel format or codec of the device, e.g. `yuyv422`, `mjpeg`.'),
    audio: audioSchema.optional().describe('Where sound comes from; none when absent.'),
    probe: probeSchema,
  }),
  z.strictObject({
    kind: z.literal('ffmpeg').describe('Raw input arguments of ffmpeg.'),
    args: z
      .array(z.string())
      .min(1)
      .describe('Everything before the outputs, e.g. `[-f, lavfi, -i, testsrc2]`.'),
    probe: probeSchema,
  }),
  z.strictObject({
    kind: z.literal('gstreamer').describe('A pipeline of gst-launch-1.0.'),
    pipeline: pattern(/\{hub\}/, 'a pipeline that holds the placeholder {hub}').describe(
      'The pipeline; `{hub}` stands where encoded MPEG-TS goes into the hub.',
    ),
    probe: probeSchema,
  }),
]);

/** Where the picture comes from. */
export const captureInputSchema = z
  .preprocess(expandShortForm, inputKinds)
  .prefault({ kind: 'v4l2' })
  .describe(
    'Where the picture comes from. `{ ffmpeg: [...] }` and `{ gstreamer: "..." }` are short for the kinds of these names.',
  );

export type CaptureInputConfig = z.output<typeof captureInputSchema>;
export type ProbeConfig = z.output<typeof probeSchema>;
