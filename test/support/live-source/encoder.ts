import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { FRAMES_PER_SECOND, makePicture, PICTURE_HEIGHT, PICTURE_WIDTH } from './picture.js';

const SAMPLE_RATE = 44_100;
const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;
const TICK_MS = 10;
/** After a pause of this process no more than this is made up for at once. */
const MAX_FRAMES_PER_TICK = 250;

/** An endless encoder, paced in real time. Picture k has presentation time k/25 s. */
export interface LiveEncoder {
  /** MPEG-TS with tables in front of every picture. */
  readonly transportStream: Readable;
  readonly flv: Readable;
  close(): Promise<void>;
}

/** Starts the encoder: one ffmpeg, H.264 with a group of pictures each second and AAC. */
export function startEncoder(): LiveEncoder {
  const child = spawn('ffmpeg', ENCODER_ARGUMENTS, {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe', 'pipe'],
  });
  const [pictures, transportStream, , flv, sound] = child.stdio as unknown as [
    Writable,
    Readable,
    null,
    Readable,
    Writable,
  ];
  for (const pipe of [pictures, sound]) pipe.on('error', () => undefined);
  const startedAtMs = Date.now();
  let frame = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - startedAtMs) * FRAMES_PER_SECOND) / 1000) + 1;
    for (const end = Math.min(due, frame + MAX_FRAMES_PER_TICK); frame < end; frame += 1) {
      pictures.write(makePicture(frame));
      sound.write(makeSound(frame));
    }
  }, TICK_MS);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    transportStream,
    flv,
    close: () => {
      clearInterval(timer);
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** A 440 Hz tone, 16-bit mono. */
function makeSound(frame: number): Buffer {
  const samples = Buffer.alloc(SAMPLES_PER_FRAME * 2);
  for (let index = 0; index < SAMPLES_PER_FRAME; index += 1) {
    const time = (frame * SAMPLES_PER_FRAME + index) / SAMPLE_RATE;
    samples.writeInt16LE(Math.round(6_000 * Math.sin(2 * Math.PI * 440 * time)), index * 2);
  }
  return samples;
}

const VIDEO_INPUT = `-f rawvideo -pix_fmt yuv420p -video_size ${PICTURE_WIDTH}x${PICTURE_HEIGHT} -framerate ${FRAMES_PER_SECOND} -i pipe:0`;
const AUDIO_INPUT = `-f s16le -ar ${SAMPLE_RATE} -ac 1 -i pipe:4`;
const CODECS =
  '-c:v libx264 -preset ultrafast -tune zerolatency -g 25 -keyint_min 25 -sc_threshold 0 -threads 1 -crf 30 -c:a aac -b:a 64k';
const ENCODER_ARGUMENTS = [
  ...`-hide_banner -loglevel error -nostats -probesize 32 -analyzeduration 0`.split(' '),
  ...VIDEO_INPUT.split(' '),
  ...AUDIO_INPUT.split(' '),
  ...`-map 0:v -map 1:a ${CODECS} -flags +global_header -max_interleave_delta 100000 -muxdelay 0 -muxpreload 0 -f tee`.split(
    ' ',
  ),
  '[f=mpegts:mpegts_flags=+pat_pmt_at_frames:flush_packets=1]pipe:1|[f=flv:flvflags=no_duration_filesize:flush_packets=1]pipe:3',
];
