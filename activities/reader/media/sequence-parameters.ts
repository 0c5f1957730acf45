import { BitReader, withoutEmulationPrevention } from './bits.js';

export type VideoCodec = 'h264' | 'hevc';

/** What a sequence parameter set says, as far as a recording cares. */
export interface SequenceParameters {
  readonly codec: VideoCodec;
  /** Identifier within the stream; a stream may alternate between several sets. */
  readonly id: number;
  readonly profile: number;
  readonly width: number;
  readonly height: number;
  /** The unit itself, trailing zeros removed: equal bytes mean equal parameters. */
  readonly bytes: Buffer;
}

/** Profiles of H.264 whose parameter set holds the chroma format. */
const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Reads a sequence parameter set (NAL unit with its header); null when it is malformed. */
export function parseSequenceParameters(codec: VideoCodec, unit: Buffer): SequenceParameters | null {
  const bytes = Buffer.from(trimZeros(unit));
  try {
    const plain = withoutEmulationPrevention(bytes);
    const values = codec === 'h264' ? parseH264(plain.subarray(1)) : parseHevc(plain.subarray(2));
    return { codec, ...values, bytes };
  } catch {
    return null;
  }
}

/** For people: `h264 1280x720`. */
export function describeSequenceParameters(set: SequenceParameters): string {
  return `${set.codec} profile ${set.profile} ${set.width}x${set.height}`;
}

/** Same kind of picture: a decoder or container set up for one takes the other. */
export function samePicture(left: SequenceParameters, right: SequenceParameters): boolean {
  return (
    left.codec === right.codec &&
    left.profile === right.profile &&
    left.width === right.width &&
    left.height === right.height
  );
}

type PictureValues = Omit<SequenceParameters, 'codec' | 'bytes'>;

function parseH264(payload: Uint8Array): PictureValues {
  const reader = new BitReader(payload);
  const profile = reader.bits(8);
  reader.skip(16);
  const id = reader.unsignedGolomb();
  let chroma = 1;
  if (PROFILES_WITH_CHROMA.has(profile)) {
    chroma = reader.unsignedGolomb();
    if (chroma === 3) reader.skip(1);
    reader.unsignedGolomb();
    reader.unsignedGolomb();
    reader.skip(1);
    if (reader.flag()) skipScalingLists(reader, chroma === 3 ? 12 : 8);
  }
  reader.unsignedGolomb();
  skipPictureOrder(reader);
  reader.unsignedGolomb();
  reader.skip(1);
  const widthInBlocks = reader.unsignedGolomb() + 1;
  const heightInUnits = reader.unsignedGolomb() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.skip(1);
  reader.skip(1);
  const fieldFactor = framesOnly ? 1 : 2;
  const crop = readCrop(reader);
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * fieldFactor;
  return {
    id,
    profile,
    width: widthInBlocks * 16 - crop.horizontal * cropX,
    height: heightInUnits * 16 * fieldFactor - crop.vertical * cropY,
  };
}

function skipPictureOrder(reader: BitReader): void {
  const kind = reader.unsignedGolomb();
  if (kind === 0) reader.unsignedGolomb();
  if (kind !== 1) return;
  reader.skip(1);
  reader.signedGolomb();
  reader.signedGolomb();
  const cycle = reader.unsignedGolomb();
  if (cycle > 255) throw new RangeError('picture order cycle is too long');
  for (let index = 0; index < cycle; index += 1) reader.signedGolomb();
}

function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    const size = list < 6 ? 16 : 64;
    let next = 8;
    for (let index = 0; index < size && next !== 0; index += 1) {
      next = (next + reader.signedGolomb() + 256) & 255;
    }
  }
}

function readCrop(reader: BitReader): { horizontal: number; vertical: number } {
  if (!reader.flag()) return { horizontal: 0, vertical: 0 };
  const left = reader.unsignedGolomb();
  const right = reader.unsignedGolomb();
  const top = reader.unsignedGolomb();
  const bottom = reader.unsignedGolomb();
  return { horizontal: left + right, vertical: top + bottom };
}

function parseHevc(payload: Uint8Array): PictureValues {
  const reader = new BitReader(payload);
  reader.skip(4);
  const subLayers = reader.bits(3);
  reader.skip(1 + 3);
  const profile = reader.bits(5);
  reader.skip(32 + 48 + 8);
  skipSubLayers(reader, subLayers);
  const id = reader.unsignedGolomb();
  const chroma = reader.unsignedGolomb();
  if (chroma === 3) reader.skip(1);
  const width = reader.unsignedGolomb();
  const height = reader.unsignedGolomb();
  const crop = readCrop(reader);
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = chroma === 1 ? 2 : 1;
  return { id, profile, width: width - crop.horizontal * cropX, height: height - crop.vertical * cropY };
}

function skipSubLayers(reader: BitReader, subLayers: number): void {
  if (subLayers === 0) return;
  const layers = Array.from({ length: subLayers }, () => ({ profile: reader.flag(), level: reader.flag() }));
  reader.skip(2 * (8 - subLayers));
  for (const layer of layers) reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0));
}

function trimZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}
