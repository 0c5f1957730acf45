/**
 * Goal: an FLV stream passes through byte for byte until a tag brings other decoder parameters. Method: real streams
 * made by ffmpeg, hand-made enhanced tags, arbitrary pieces, damage.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FlvCutter } from '../../../../activities/reader/media/flv-cutter.js';
import { cutIntoPieces, damage, damagedPlaces, passThrough, pieceSizes } from '../support/chunks.js';
import { countFrames, makeMedia, withoutFlvHeader } from '../support/media.js';

const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);

function tag(type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(11);
  header.writeUInt8(type, 0);
  header.writeUIntBE(data.length, 1, 3);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(data.length + 11);
  return Buffer.concat([header, data, trailer]);
}

function enhancedTag(packetType: number, codec: string, payload: string): Buffer {
  return tag(9, Buffer.concat([Buffer.from([0x90 | packetType]), Buffer.from(codec + payload, 'latin1')]));
}

describe('FlvCutter', () => {
  let small: Buffer;
  let large: Buffer;
  let joined: Buffer;

  beforeAll(async () => {
    small = await makeMedia({ format: 'flv', size: '320x180', sampleRate: 44_100 });
    large = await makeMedia({ format: 'flv', size: '640x360', sampleRate: 44_100 });
    joined = Buffer.concat([small, withoutFlvHeader(large)]);
  });

  it('passes repeated decoder configurations on', () => {
    const twice = Buffer.concat([small, withoutFlvHeader(small)]);
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
    const other = await makeMedia({ format: 'flv', size: '320x180', sampleRate: 22_050 });
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
