import type { CaptureInputConfig } from '../../core/config/capture-input.js';

type V4l2Input = Extract<CaptureInputConfig, { kind: 'v4l2' }>;

/** Frames that wait while the encoder is busy: raw pictures are large. */
const PICTURE_QUEUE = 64;
/** Packets of sound that wait; they are small, and a hole is heard. */
const SOUND_QUEUE = 1_024;

/** What ffmpeg reads for the ingest. */
export interface IngestInput {
  readonly arguments: readonly string[];
  /** Which streams go on; empty lets ffmpeg take the best picture and the first of the best sounds over all inputs. */
  readonly maps: readonly string[];
  readonly mayHaveAudio: boolean;
}

/** A Video4Linux device with the sound of an ALSA device. */
export function v4l2Input(input: V4l2Input): IngestInput {
  const picture = [
    ['-f', 'v4l2', '-thread_queue_size', String(PICTURE_QUEUE), '-timestamps', 'abs'],
    input.format === undefined ? [] : ['-input_format', input.format],
    input.rate === undefined ? [] : ['-framerate', String(input.rate)],
    input.size === undefined ? [] : ['-video_size', input.size],
    ['-i', input.device],
  ].flat();
  if (input.audio === undefined) return { arguments: picture, maps: ['-map', '0:v:0'], mayHaveAudio: false };
  const { device, rate, channels } = input.audio;
  const sound = [
    // Both count from the wall clock, so the one that was opened later is not heard too early.
    ['-f', 'alsa', '-thread_queue_size', String(SOUND_QUEUE), '-isync', '0'],
    ['-sample_rate', String(rate), '-channels', String(channels), '-i', device],
  ].flat();
  return { arguments: [...picture, ...sound], maps: ['-map', '0:v:0', '-map', '1:a:0'], mayHaveAudio: true };
}

/** The user's own input arguments. */
export function rawInput(words: readonly string[]): IngestInput {
  return { arguments: words, maps: ['-sn', '-dn'], mayHaveAudio: true };
}
