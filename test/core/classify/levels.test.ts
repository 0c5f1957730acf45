import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { classify, explainMedia } from '../../../core/classify/index.js';
import { readEntries } from './labelled-entries.js';

/** The lines ffmpeg printed, without the marks that these entries mostly lack, and without those after which all is about the end. */
const LINES = [
  'shared/media-errors.jsonl',
  'classify/media-errors.jsonl',
  'classify/unseen-media-errors.jsonl',
]
  .flatMap((file) => readEntries(file))
  .filter(({ tool }) => tool === 'ffmpeg')
  .flatMap(({ text = '' }) => text.split('\n'))
  .filter(
    (line) =>
      !/\[(?:error|fatal|warning)\]|HTTP error \d|libva info|received signal|immediate exit/i.test(line),
  );

const marked = (level: string) => (line: string) => `[${level}] ${line}`;
/** Errors that a rule knows: what no rule knows explains nothing, and a warning may. */
const ERRORS = LINES.map(marked('error')).filter(
  (text) => !['nothing known', 'only noise'].includes(explainMedia({ text }).rule),
);

describe('A line marked [warning]', () => {
  it('never outranks a line marked [error] that explains the end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ERRORS),
        fc.array(fc.record({ line: fc.constantFrom(...LINES), at: fc.nat() }), {
          minLength: 1,
          maxLength: 4,
        }),
        (error, warnings) => {
          const lines = [error];
          for (const { line, at } of warnings)
            lines.splice(at % (lines.length + 1), 0, marked('warning')(line));
          expect(explainMedia({ text: lines.join('\n'), tool: 'ffmpeg' }).detail).not.toMatch(/^\[warning\]/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('decides where nothing else is printed', () => {
    const text = '[out#0/mpegts @ 0x1] [warning] write failed: No space left on device';
    expect(classify({ text, exitCode: 1 }).cause).toBe('storage_full');
  });

  it('is no reason to blame a device by a mere guess', () => {
    const text = '[video4linux2,v4l2 @ 0x1] [warning] The driver returned an unexpected value';
    expect(explainMedia({ text, tool: 'ffmpeg' })).toMatchObject({
      cause: 'other',
      disposition: 'transient',
    });
  });

  it('does not hide what the server answered, which ffmpeg marks as a warning', () => {
    const text =
      '[https @ 0x1] [warning] HTTP error 404 Not Found\n[error] Error opening input: Invalid data found when processing input';
    expect(explainMedia({ text, tool: 'ffmpeg' }).cause).toBe('not_live');
  });

  it.each([
    ['h264_vaapi', 'Driver does not support P-frames, replacing them with B-frames.'],
    ['h264_v4l2m2m', 'Failed to set gop size: Invalid argument'],
    ['h264_nvenc', 'Some option failed and is not supported by the driver'],
  ])('of the start of %s does not explain a device that went away later', (encoder, warning) => {
    const text = `[${encoder} @ 0x1] [warning] ${warning}\n[video4linux2,v4l2 @ 0x2] [error] ioctl(VIDIOC_DQBUF): No such device`;
    expect(classify({ text, exitCode: 1, role: 'device' }).cause).toBe('device_not_found');
  });
});

describe('A block of GStreamer', () => {
  it('that begins with WARNING does not outrank one that begins with ERROR', () => {
    const block = (level: string, element: string, debug: string): string =>
      `${level}: from element /GstPipeline:p/${element}: Message.\nAdditional debug info:\n../x.c(1): f ():\n${debug}`;
    const text = [
      block('WARNING', 'GstV4l2H264Enc:enc0', 'device failed: No such device, not supported by driver'),
      block('ERROR', 'GstRtmp2Sink:sink0', 'Connection error: Connection reset by peer'),
    ].join('\n');
    expect(explainMedia({ text, tool: 'gstreamer' }).cause).toBe('network_disconnect');
  });
});
