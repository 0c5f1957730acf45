/**
 * Goal: a transport stream passes through byte for byte until its codec parameters change or its time stamps jump, and
 * nothing of the new kind gets through. Method: real streams made by ffmpeg, joined, cut into arbitrary pieces and damaged.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { TsCutter } from '../../../../activities/reader/media/ts-cutter.js';
import { cutIntoPieces, damage, damagedPlaces, passThrough, pieceSizes } from '../support/chunks.js';
import { countFrames, makeMedia, presentationTimes } from '../support/media.js';

describe('TsCutter', () => {
  let small: Buffer;
  let large: Buffer;
  let joined: Buffer;
  const SMALL = { format: 'mpegts', size: '320x180', sampleRate: 44_100 } as const;

  beforeAll(async () => {
    small = await makeMedia(SMALL);
    large = await makeMedia({ ...SMALL, size: '640x360', startSeconds: 1 });
    joined = Buffer.concat([small, large]);
  });

  it('passes a stream on whose parameters stay the same, also when its tables begin anew', async () => {
    const twice = Buffer.concat([small, await makeMedia({ ...SMALL, startSeconds: 1 })]);
    const result = passThrough(new TsCutter(), [twice]);
    expect(result.change).toBeNull();
    expect(result.output.equals(twice)).toBe(true);
  });

  it('stops before the first picture of another size and keeps every picture before it', async () => {
    const result = passThrough(new TsCutter(), cutIntoPieces(joined, [1316]));
    expect(result.change).toEqual({ before: 'h264 profile 66 320x180', after: 'h264 profile 66 640x360' });
    expect(result.output.equals(joined.subarray(0, result.output.length))).toBe(true);
    expect(await countFrames(result.output)).toBe(25);
    expect(result.output.length - small.length).toBeLessThan(10 * 188);
  });

  it.each([
    ['another sample rate', { sampleRate: 48_000 }, 'aac type 2 48000 Hz 1 channels'],
    ['another number of channels', { sampleRate: 44_100, channels: 2 }, 'aac type 2 44100 Hz 2 channels'],
    ['no sound any more', {}, 'streams 256:0x1b'],
    ['another codec', { sampleRate: 44_100, videoCodec: 'libx265' as const }, 'streams 256:0x24 257:0xf'],
  ])('stops at %s', async (_name, other, after) => {
    const second = await makeMedia({ format: 'mpegts', size: '320x180', startSeconds: 1, ...other });
    const result = passThrough(new TsCutter(), cutIntoPieces(Buffer.concat([small, second]), [4_000]));
    expect(result.change?.after).toBe(after);
  });

  it('stops at another size of HEVC', async () => {
    const options = { format: 'mpegts', videoCodec: 'libx265' } as const;
    const first = await makeMedia({ ...options, size: '320x180' });
    const again = await makeMedia({ ...options, size: '320x180', startSeconds: 1 });
    const second = await makeMedia({ ...options, size: '640x360', startSeconds: 1 });
    const same = passThrough(new TsCutter(), [Buffer.concat([first, again])]);
    expect(same.change).toBeNull();
    const other = passThrough(new TsCutter(), [Buffer.concat([first, second])]);
    expect(other.change).toEqual({ before: 'hevc profile 1 320x180', after: 'hevc profile 1 640x360' });
    expect(await countFrames(other.output)).toBe(25);
  });

  it.each([
    ['back to the beginning', 0],
    ['an hour forward', 3_600],
  ])('stops at a jump of the time stamps %s, picture and sound', async (_name, startSeconds) => {
    const second = await makeMedia({ ...SMALL, startSeconds });
    const result = passThrough(new TsCutter(), cutIntoPieces(Buffer.concat([small, second]), [1_316]));
    expect(result.change?.before).toBe('video time 2.383 s');
    expect(result.change?.after).toMatch(startSeconds === 0 ? /^video time 1\./ : /^video time 3601\./);
    expect(result.output.subarray(0, small.length).equals(small)).toBe(true);
    expect(await presentationTimes(result.output)).toEqual(await presentationTimes(small));
    expect(await presentationTimes(result.output, 'a')).toEqual(await presentationTimes(small, 'a'));
  });

  it('stops at a jump of sound without picture', async () => {
    const sound = await makeMedia({ format: 'mpegts', sampleRate: 44_100 });
    const result = passThrough(new TsCutter(), cutIntoPieces(Buffer.concat([sound, sound]), [188]));
    expect(result.change?.after).toMatch(/^audio time 1\.\d+ s$/);
    expect(await presentationTimes(result.output, 'a')).toEqual(await presentationTimes(sound, 'a'));
  });

  it('stops at a jump of a codec whose parameters are not read', async () => {
    const old = await makeMedia({ format: 'mpegts', size: '320x180', videoCodec: 'mpeg2video' });
    const result = passThrough(new TsCutter(), [Buffer.concat([old, old])]);
    expect(result.change?.after).toMatch(/^video time 1\.\d+ s$/);
    expect(await countFrames(result.output)).toBe(25);
  });

  it('passes pictures in another order, small steps and the end of the 33-bit count', async () => {
    // ffmpeg begins 1.4 s late; the count ends at 95,443.7 s.
    const startSeconds = 95_441;
    const clips = await Promise.all(
      [0, 1.8, 3.6, 9].map((offset) =>
        makeMedia({ ...SMALL, seconds: 2, bFrames: 3, startSeconds: startSeconds + offset }),
      ),
    );
    const stream = Buffer.concat(clips);
    const result = passThrough(new TsCutter(), cutIntoPieces(stream, [1_316]));
    expect(result.change).toBeNull();
    expect(result.output.equals(stream)).toBe(true);
  });

  it('gives the same bytes however the stream is cut into pieces', () => {
    const whole = passThrough(new TsCutter(), [joined]);
    fc.assert(
      fc.property(pieceSizes, (sizes) => {
        const result = passThrough(new TsCutter(), cutIntoPieces(joined, sizes));
        expect(result.output.equals(whole.output)).toBe(true);
        expect(result.change).toEqual(whole.change);
      }),
      { numRuns: 25 },
    );
  });

  it('lets only a beginning of a damaged stream through, the same for all pieces, and never throws', () => {
    fc.assert(
      fc.property(damagedPlaces, pieceSizes, (places, sizes) => {
        const stream = damage(joined, places);
        const whole = passThrough(new TsCutter(), [stream]);
        const pieces = passThrough(new TsCutter(), cutIntoPieces(stream, sizes));
        expect(whole.output.equals(stream.subarray(0, whole.output.length))).toBe(true);
        expect(pieces.output.equals(whole.output)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('passes arbitrary bytes through untouched', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), pieceSizes, (bytes, sizes) => {
        const stream = Buffer.from(bytes);
        const result = passThrough(new TsCutter(), cutIntoPieces(stream, sizes));
        expect(result.output.equals(stream)).toBe(true);
      }),
    );
  });

  it('takes up a stream that begins in the middle of a packet and loses bytes later', () => {
    const broken = Buffer.concat([small.subarray(77, 30_000), small.subarray(30_050), large]);
    const result = passThrough(new TsCutter(), cutIntoPieces(broken, [999]));
    expect(result.change?.after).toBe('h264 profile 66 640x360');
    expect(result.output.equals(broken.subarray(0, result.output.length))).toBe(true);
  });

  it('holds no more back than the beginning of one picture', () => {
    const cutter = new TsCutter();
    let fed = 0;
    let passed = 0;
    for (const piece of cutIntoPieces(small, [188])) {
      fed += piece.length;
      for (const bytes of cutter.push(piece).output) passed += bytes.length;
      expect(fed - passed).toBeLessThanOrEqual(20 * 188);
    }
  });
});
