import { describeAac, parseAudioSpecificConfig } from './aac.js';
import { describeSequenceParameters, parseSequenceParameters } from './sequence-parameters.js';

/** Bytes of a tag in front of its data. */
export const TAG_HEADER_BYTES = 11;
/** Every tag is followed by its own size. */
export const TAG_TRAILER_BYTES = 4;
/** Bytes of the data that tell what the tag holds. */
export const TAG_KIND_BYTES = 5;

const AUDIO_TAG = 8;
const VIDEO_TAG = 9;
const SCRIPT_TAG = 18;

/** The fixed beginning of a tag. */
export interface FlvTagHeader {
  readonly type: 'audio' | 'video' | 'script';
  readonly dataBytes: number;
  /** Decoding time, 32 bits. */
  readonly timestampMs: number;
}

/** What the data of an audio or video tag holds. */
export interface FlvTagKind {
  /** Four-character code, or the number of the format for those without one. */
  readonly codec: string;
  /** Where the decoder configuration begins, or null when the tag holds none. */
  readonly configStart: number | null;
  /** The tag holds a picture or sound. The time stamps of others often are zero. */
  readonly hasFrame: boolean;
}

/** Reads a tag header; null when the bytes cannot be one. */
export function readTagHeader(bytes: Buffer): FlvTagHeader | null {
  const type = tagTypeOf(bytes.readUInt8(0) & 0x1f);
  if (type === null) return null;
  // The high byte of the time stamp stands behind the three others.
  const timestampMs = bytes.readUInt8(7) * 2 ** 24 + bytes.readUIntBE(4, 3);
  return { type, dataBytes: bytes.readUIntBE(1, 3), timestampMs };
}

/** Reads what a tag holds from the beginning of its data; null when that does not matter or is unknown. */
export function readTagKind(type: FlvTagHeader['type'], data: Buffer): FlvTagKind | null {
  const [first, second] = data;
  if (first === undefined || second === undefined) return null;
  if (type === 'video') return readVideoKind(first, second, data);
  if (type === 'audio') return readAudioKind(first, second, data);
  return null;
}

/** For people: codec and, where it can be read, picture size or sample rate. */
export function describeConfig(codec: string, config: Buffer): string {
  if (codec === 'mp4a') {
    const parameters = parseAudioSpecificConfig(config);
    if (parameters !== null) return describeAac(parameters);
  }
  const set = codec === 'avc1' ? h264SetOf(config) : codec === 'hvc1' ? hevcSetOf(config) : null;
  return set === null ? codec : describeSequenceParameters(set);
}

function tagTypeOf(number: number): FlvTagHeader['type'] | null {
  if (number === AUDIO_TAG) return 'audio';
  if (number === VIDEO_TAG) return 'video';
  return number === SCRIPT_TAG ? 'script' : null;
}

/** A command frame carries no picture. */
const COMMAND_FRAME = 5;
/** Packet types of enhanced RTMP from here on (multitrack, modifiers) have another layout. */
const FIRST_OTHER_LAYOUT = 5;
const CODED_FRAMES = 1;
const CODED_FRAMES_WITHOUT_OFFSET = 3;

function readVideoKind(first: number, second: number, data: Buffer): FlvTagKind | null {
  const frameType = (first >> 4) & 7;
  if (frameType === COMMAND_FRAME) return null;
  if ((first & 0x80) !== 0) return readEnhancedKind(first & 15, data);
  const codecNumber = first & 15;
  const codec = codecNumber === 7 ? 'avc1' : codecNumber === 12 ? 'hvc1' : null;
  if (codec === null) return { codec: `video format ${codecNumber}`, configStart: null, hasFrame: true };
  return { codec, configStart: second === 0 ? 5 : null, hasFrame: second === 1 };
}

function readAudioKind(first: number, second: number, data: Buffer): FlvTagKind | null {
  const format = first >> 4;
  if (format === 9) return readEnhancedKind(first & 15, data);
  if (format === 10) return { codec: 'mp4a', configStart: second === 0 ? 2 : null, hasFrame: second === 1 };
  return { codec: `audio format ${format}`, configStart: null, hasFrame: true };
}

function readEnhancedKind(packetType: number, data: Buffer): FlvTagKind | null {
  if (packetType >= FIRST_OTHER_LAYOUT || data.length < TAG_KIND_BYTES) return null;
  return {
    codec: data.toString('latin1', 1, 5),
    configStart: packetType === 0 ? 5 : null,
    hasFrame: packetType === CODED_FRAMES || packetType === CODED_FRAMES_WITHOUT_OFFSET,
  };
}

function h264SetOf(config: Buffer): ReturnType<typeof parseSequenceParameters> {
  if (config.length < 8 || (config.readUInt8(5) & 31) === 0) return null;
  const length = config.readUInt16BE(6);
  return parseSequenceParameters('h264', config.subarray(8, 8 + length));
}

function hevcSetOf(config: Buffer): ReturnType<typeof parseSequenceParameters> {
  let offset = 23;
  while (offset + 5 <= config.length) {
    const type = config.readUInt8(offset) & 63;
    const units = config.readUInt16BE(offset + 1);
    const length = config.readUInt16BE(offset + 3);
    if (type === 33 && units > 0)
      return parseSequenceParameters('hevc', config.subarray(offset + 5, offset + 5 + length));
    offset += 3;
    for (let unit = 0; unit < units && offset + 2 <= config.length; unit += 1) {
      offset += 2 + config.readUInt16BE(offset);
    }
  }
  return null;
}
