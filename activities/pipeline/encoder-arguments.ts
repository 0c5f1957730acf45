import type { EncodeConfig } from '../../core/config/capture.js';

/** What an encoder needs on the command line, by the place where ffmpeg wants it. */
export interface EncoderArguments {
  /** Before the inputs: devices of the encoder. */
  readonly before: readonly string[];
  /** Before the output: filters, encoders and their options. */
  readonly output: readonly string[];
}

type Options = Readonly<Record<string, string | number>>;

/** How one encoder differs from ffmpeg's defaults. The user's own options win. */
interface EncoderProfile {
  readonly options: Options;
  /** What the encoder takes in; the last filter before it. */
  readonly filter?: string;
  /** Opened before the inputs. */
  readonly device?: Options;
}

/** A group never ends by count at this rate or below; it ends by time. */
const FRAMES_PER_SECOND_MAX = 240;
/** Drivers of small boards refuse long groups. */
const DRIVER_FRAMES_PER_SECOND_MAX = 60;
/** Seconds of the stream that the rate control may even out. */
const RATE_CONTROL_SECONDS = 2;
/** Time stamps are rounded to the time base of the encoder. */
const ROUNDING_SECONDS = 0.001;

const PROFILES: Readonly<Record<string, EncoderProfile>> = {
  // Every picture that is forced becomes an IDR, and none is added where the scene changes.
  libx264: { options: { preset: 'veryfast', sc_threshold: 0, pix_fmt: 'yuv420p' } },
  libx265: {
    options: {
      preset: 'veryfast',
      'x265-params': 'scenecut=0:open-gop=0',
      'forced-idr': 1,
      pix_fmt: 'yuv420p',
    },
  },
  h264_nvenc: { options: { 'forced-idr': 1, 'no-scenecut': 1, rc: 'cbr', pix_fmt: 'yuv420p' } },
  hevc_nvenc: { options: { 'forced-idr': 1, 'no-scenecut': 1, rc: 'cbr', pix_fmt: 'yuv420p' } },
  h264_vaapi: {
    options: {},
    filter: 'format=nv12,hwupload',
    device: { vaapi_device: '/dev/dri/renderD128' },
  },
  hevc_vaapi: {
    options: {},
    filter: 'format=nv12,hwupload',
    device: { vaapi_device: '/dev/dri/renderD128' },
  },
  // This family closes groups only when it looks for no change of scene.
  mpeg2video: { options: { sc_threshold: 1_000_000_000, pix_fmt: 'yuv420p' } },
  mpeg4: { options: { sc_threshold: 1_000_000_000, pix_fmt: 'yuv420p' } },
  h264_v4l2m2m: { options: { pix_fmt: 'yuv420p' } },
};

/** Options that are filters, and so belong before the encoder's own. */
const FILTER_NAMES: readonly string[] = ['vf', 'filter', 'filter:v'];

/**
 * Arguments of the encoders. Groups of pictures are closed and begin on a grid of `keyframe_interval` in media time, whatever the frame rate is and does.
 */
export function encoderArguments(encode: EncodeConfig, hasAudio: boolean): EncoderArguments {
  const profile = PROFILES[encode.video] ?? { options: { pix_fmt: 'yuv420p' } };
  const own = Object.entries(encode.options);
  const device = { ...profile.device, ...pick(own, (name) => name in (profile.device ?? {})) };
  const filters = own.filter(([name]) => FILTER_NAMES.includes(name)).map(([, value]) => String(value));
  const options = {
    ...rateOptions(encode),
    ...profile.options,
    ...pick(own, (name) => !(name in device) && !FILTER_NAMES.includes(name)),
  };
  const chain = [...filters, ...(profile.filter === undefined ? [] : [profile.filter])].join(',');
  return {
    before: Object.entries(device).flatMap(([name, value]) => [`-${name}`, String(value)]),
    output: [
      chain === '' ? [] : ['-filter:v', chain],
      ['-c:v', encode.video, ...Object.entries(options).flatMap(videoOption)],
      ['-force_key_frames:v', keyframeExpression(encode.keyframe_interval / 1_000)],
      hasAudio ? audioArguments(encode) : ['-an'],
    ].flat(),
  };
}

function rateOptions(encode: EncodeConfig): Options {
  const perSecond = encode.video === 'h264_v4l2m2m' ? DRIVER_FRAMES_PER_SECOND_MAX : FRAMES_PER_SECOND_MAX;
  return {
    b: encode.bitrate,
    maxrate: encode.bitrate,
    bufsize: bitsPerSecond(encode.bitrate) * RATE_CONTROL_SECONDS,
    g: Math.ceil((encode.keyframe_interval / 1_000) * perSecond),
    // Headers belong to the stream, from where they are repeated before every picture.
    flags: '+cgop+global_header',
  };
}

function audioArguments(encode: EncodeConfig): string[] {
  // Sound cards run by a clock of their own: samples are stretched by a hair to stay with the picture.
  return ['-c:a', encode.audio, '-b:a', encode.audio_bitrate, '-af', 'aresample=async=1000'];
}

/** The first picture of each interval. Counting forced pictures instead would force a burst of them after every pause of the input. */
function keyframeExpression(intervalSeconds: number): string {
  const slot = (time: string): string => `floor((${time}+${ROUNDING_SECONDS})/${intervalSeconds})`;
  return `expr:if(isnan(prev_forced_t),1,gt(${slot('t')},${slot('prev_forced_t')}))`;
}

function videoOption([name, value]: readonly [string, string | number]): string[] {
  return [name.includes(':') ? `-${name}` : `-${name}:v`, String(value)];
}

function pick(
  entries: readonly (readonly [string, string | number])[],
  test: (name: string) => boolean,
): Options {
  return Object.fromEntries(entries.filter(([name]) => test(name)));
}

/** `6M`, `4500k` or plain bits a second. */
function bitsPerSecond(bitrate: string): number {
  const factor = bitrate.endsWith('M') ? 1_000_000 : bitrate.endsWith('k') ? 1_000 : 1;
  return Math.round(Number.parseFloat(bitrate) * factor);
}
