/** The header of a PES packet. */
export interface PesHeader {
  /** Where the elementary stream begins. */
  readonly dataStart: number;
  /** Decoding time in units of 1/90,000 s (the presentation time where both are equal), or null. */
  readonly dts: number | null;
}

/** Bytes in front of the optional fields. */
const FIXED_BYTES = 9;

/** Reads a PES header; `incomplete` when more bytes are needed, null when it is none. */
export function readPesHeader(bytes: Buffer): PesHeader | 'incomplete' | null {
  if (bytes.length < FIXED_BYTES) return 'incomplete';
  if (bytes.readUIntBE(0, 3) !== 1) return null;
  if ((bytes.readUInt8(6) & 0xc0) !== 0x80) return null;
  const dataStart = FIXED_BYTES + bytes.readUInt8(8);
  if (bytes.length < dataStart) return 'incomplete';
  const present = bytes.readUInt8(7) >> 6;
  if (present === 2 && dataStart >= 14) return { dataStart, dts: readTimestamp(bytes, 9) };
  if (present === 3 && dataStart >= 19) return { dataStart, dts: readTimestamp(bytes, 14) };
  return { dataStart, dts: null };
}

/** A 33-bit time stamp in five bytes with marker bits. */
function readTimestamp(bytes: Buffer, offset: number): number {
  const high = (bytes.readUInt8(offset) >> 1) & 7;
  const middle = bytes.readUInt16BE(offset + 1) >> 1;
  const low = bytes.readUInt16BE(offset + 3) >> 1;
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}
