import { parseSequenceParameters, type SequenceParameters, type VideoCodec } from './sequence-parameters.js';

/** What the beginning of an access unit holds. */
export interface AccessUnitHead {
  /** Complete sequence parameter sets, in order. */
  readonly sets: readonly SequenceParameters[];
  /** Picture data has begun: no further parameter set belongs to this picture. */
  readonly pictureSeen: boolean;
}

/**
 * Reads the parameter sets in front of a picture (Annex B: units behind 00 00 01).
 * @param ended The bytes are all there will be: the last unit is complete.
 */
export function readAccessUnitHead(codec: VideoCodec, bytes: Buffer, ended: boolean): AccessUnitHead {
  const sets: SequenceParameters[] = [];
  let start = nextUnit(bytes, 0);
  while (start !== -1 && start < bytes.length) {
    const type = unitType(codec, bytes[start] ?? 0);
    if (isPicture(codec, type)) return { sets, pictureSeen: true };
    const following = nextUnit(bytes, start);
    if (following === -1 && !ended) break;
    const end = following === -1 ? bytes.length : following - 3;
    if (isSequenceSet(codec, type)) {
      const set = parseSequenceParameters(codec, bytes.subarray(start, end));
      if (set !== null) sets.push(set);
    }
    start = following;
  }
  return { sets, pictureSeen: false };
}

/** Position of the first byte behind the next start code, or -1. */
function nextUnit(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(START_CODE, from);
  return found === -1 ? -1 : found + START_CODE.length;
}

function unitType(codec: VideoCodec, header: number): number {
  return codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f;
}

function isPicture(codec: VideoCodec, type: number): boolean {
  return codec === 'h264' ? type >= 1 && type <= 5 : type < 32;
}

function isSequenceSet(codec: VideoCodec, type: number): boolean {
  return codec === 'h264' ? type === 7 : type === 33;
}

const START_CODE = Buffer.from([0, 0, 1]);
