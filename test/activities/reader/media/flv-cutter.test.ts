/**
 * Goal: an FLV stream passes through byte for byte until a tag brings other decoder parameters or its time stamps jump. Method: real streams
 * made by ffmpeg, hand-made enhanced tags, arbitrary pieces, damage.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FlvCutter } from '../../../../activities/reader/media/flv-cutter.js';
import { cutIntoPieces, damage, damagedPlaces, passThrough, pieceSizes } from '../support/chunks.js';
import { countFrames, makeMedia, presentationTimes, withoutFlvHeader } from '../support/media.js';

const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);

function tag(type: number, data: Buffer, timestampMs = 0): Buffer {
  const header = Buffer.alloc(11);
  header.writeUInt8(type, 0);
  header.writeUIntBE(data.length, 1, 3);
  header.writeUIntBE(timestampMs % 2 ** 24, 4, 3);
  header.writeUInt8(Math.floor(timestampMs / 2 ** 24), 7);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(data.length + 11);
  return Buffer.concat([header, data, trailer]);
}

/** An AVC tag: packet type 0 is a configuration, 1 a picture, 2 the end of a sequence. */
function avcTag(packetType: number, timestampMs: number): Buffer {
  return tag(9, Buffer.from([0x17, packetType, 0, 0, 0, 1]), timestampMs);
}

function enhancedTag(packetType: number, codec: string, payload: string): Buffer {
  return tag(9, Buffer.concat([Buffer.from([0x90 | packetType]), Buffer.from(codec + payload, 'latin1')]));
}

describe('FlvCutter', () => {
  let small: Buffer;
  let large: Buffer;
  let joined: Buffer;
  const SMALL = { format: 'flv', size: '320x180', sampleRate: 44_100 } as const;

  beforeAll(async () => {
    small = await makeMedia(SMALL);
    large = await makeMedia({ ...SMALL, size: '640x360', startSeconds: 1 });
    joined = Buffer.concat([small, withoutFlvHeader(large)]);
  });

  it('passes repeated decoder configurations on, whatever their time stamps', async () => {
    const again = await makeMedia({ ...SMALL, startSeconds: 1 });
    const twice = Buffer.concat([small, withoutFlvHeader(again)]);
    const result = passThrough(new FlvCutter(), [twice]);
    expect(result.change).toBeNull();
    expect(result.output.equals(twice)).toBe(true);
  });

  it('stops before the configuration of another size', async () => {
    const result = passThrough(new FlvCutter(), cutIntoPieces(joined, [1_000]));
    expect(result.change).toEqual({ before: 'h264 profile 66 320x180', after: 'h264 profile 66 640x360' });
    expect(result.output.equals(joined.subarray(0, result.output.length))).toBe(true);
    expect(await countFrames(result.output)).toBe(25);
  });

  it('notices a change after the server has sent a second file header', () => {
    const result = passThrough(new FlvCutter(), [Buffer.concat([small, large])]);
    expect(result.change?.after).toBe('h264 profile 66 640x360');
  });

  it('stops at another sound', async () => {
    const other = await makeMedia({ ...SMALL, sampleRate: 22_050, startSeconds: 1 });
    const result = passThrough(new FlvCutter(), [Buffer.concat([small, withoutFlvHeader(other)])]);
    expect(result.change).toEqual({
      before: 'aac type 2 44100 Hz 1 channels',
      after: 'aac type 2 22050 Hz 1 channels',
    });
  });

  it('reads the four-character codes of enhanced RTMP', () => {
    const first = enhancedTag(0, 'hvc1', 'configuration one');
    const frame = enhancedTag(1, 'hvc1', 'a picture');
    const second = enhancedTag(0, 'hvc1', 'configuration two');
    const beginning = [FLV_HEADER, first, frame, first, frame];
    const result = passThrough(new FlvCutter(), [Buffer.concat([...beginning, second, frame])]);
    expect(result.change).toEqual({ before: 'hvc1', after: 'hvc1' });
    expect(result.output.equals(Buffer.concat(beginning))).toBe(true);
  });

  it('stops when the codec itself changes', () => {
    const first = enhancedTag(1, 'hvc1', 'a picture');
    const second = enhancedTag(1, 'av01', 'a picture');
    const result = passThrough(new FlvCutter(), [Buffer.concat([FLV_HEADER, first, second])]);
    expect(result.change).toEqual({ before: 'hvc1', after: 'av01' });
  });

  it.each([
    ['back to the beginning', 0],
    ['an hour forward', 3_600],
  ])('stops at a jump of the time stamps %s, picture and sound', async (_name, startSeconds) => {
    const second = await makeMedia({ ...SMALL, startSeconds });
    const stream = Buffer.concat([small, withoutFlvHeader(second)]);
    const result = passThrough(new FlvCutter(), cutIntoPieces(stream, [1_000]));
    expect(result.change?.before).toMatch(/^(video|audio) time [01]\.\d+ s$/);
    expect(await presentationTimes(result.output)).toEqual(await presentationTimes(small));
    expect(await presentationTimes(result.output, 'a')).toEqual(await presentationTimes(small, 'a'));
  });

  it('stops at a jump of sound without picture', async () => {
    const sound = await makeMedia({ format: 'flv', sampleRate: 44_100 });
    const result = passThrough(new FlvCutter(), [Buffer.concat([sound, withoutFlvHeader(sound)])]);
    expect(result.change?.after).toBe('audio time 0.000 s');
    expect(await presentationTimes(result.output, 'a')).toEqual(await presentationTimes(sound, 'a'));
  });

  it('passes pictures in another order, small steps and time stamps beyond 24 bits', async () => {
    const clips = await Promise.all(
      [0, 1.8, 3.6, 9].map((offset) =>
        makeMedia({ ...SMALL, seconds: 2, bFrames: 3, startSeconds: 16_776 + offset }),
      ),
    );
    const stream = Buffer.concat(clips);
    const result = passThrough(new FlvCutter(), cutIntoPieces(stream, [1_000]));
    expect(result.change).toBeNull();
    expect(result.output.equals(stream)).toBe(true);
  });

  it('passes the end of the 32-bit count', () => {
    const times = [-80, -40, 0, 40].map((timeMs) => (timeMs + 2 ** 32) % 2 ** 32);
    const stream = Buffer.concat([FLV_HEADER, ...times.map((timeMs) => avcTag(1, timeMs))]);
    const result = passThrough(new FlvCutter(), [stream]);
    expect(result.change).toBeNull();
    expect(result.output.equals(stream)).toBe(true);
  });

  it('looks at the time stamps of pictures and sound only', () => {
    const other = [avcTag(0, 0), avcTag(2, 0), tag(18, Buffer.from('metadata'), 0)];
    const pictures = [50_000, 50_040].map((timeMs) => avcTag(1, timeMs));
    const beginning = Buffer.concat([FLV_HEADER, ...pictures, ...other, avcTag(1, 50_080), ...other]);
    const result = passThrough(new FlvCutter(), [Buffer.concat([beginning, avcTag(1, 49_000)])]);
    expect(result.change).toEqual({ before: 'video time 50.080 s', after: 'video time 49.000 s' });
    expect(result.output.equals(beginning)).toBe(true);
  });

  it('gives the same bytes however the stream is cut into pieces', () => {
    const whole = passThrough(new FlvCutter(), [joined]);
    fc.assert(
      fc.property(pieceSizes, (sizes) => {
        const result = passThrough(new FlvCutter(), cutIntoPieces(joined, sizes));
        expect(result.output.equals(whole.output)).toBe(true);
        expect(result.change).toEqual(whole.change);
      }),
      { numRuns: 40 },
    );
  });

  it('lets only a beginning of a damaged stream through, the same for all pieces, and never throws', () => {
    fc.assert(
      fc.property(damagedPlaces, pieceSizes, (places, sizes) => {
        const stream = damage(joined, places);
        const whole = passThrough(new FlvCutter(), [stream]);
        const pieces = passThrough(new FlvCutter(), cutIntoPieces(stream, sizes));
        expect(whole.output.equals(stream.subarray(0, whole.output.length))).toBe(true);
        expect(pieces.output.equals(whole.output)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('passes on what is no FLV', () => {
    const stream = Buffer.from('<html>not a stream</html>'.repeat(100));
    expect(passThrough(new FlvCutter(), cutIntoPieces(stream, [7])).output.equals(stream)).toBe(true);
  });
});
