/** Size of an MPEG-TS packet. */
export const PACKET_BYTES = 188;
const SYNC_BYTE = 0x47;

/** One packet of a transport stream; the offsets point into the buffer it was read from. */
export interface TsPacket {
  readonly pid: number;
  /** A PES packet or section begins here. */
  readonly unitStart: boolean;
  /** False when there is no payload or it is scrambled. */
  readonly readable: boolean;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** Reads the packet at `offset`; the caller has seen to it that it is complete and begins with the sync byte. */
export function readPacket(buffer: Buffer, offset: number): TsPacket {
  const second = buffer[offset + 1] ?? 0;
  const fourth = buffer[offset + 3] ?? 0;
  const payloadEnd = offset + PACKET_BYTES;
  const adaptationBytes = (fourth & 0x20) === 0 ? 0 : 1 + (buffer[offset + 4] ?? 0);
  const payloadStart = offset + 4 + adaptationBytes;
  const faulty = (second & 0x80) !== 0;
  const scrambled = (fourth & 0xc0) !== 0;
  const hasPayload = (fourth & 0x10) !== 0 && payloadStart < payloadEnd;
  return {
    pid: ((second & 0x1f) << 8) | (buffer[offset + 2] ?? 0),
    unitStart: (second & 0x40) !== 0,
    readable: hasPayload && !scrambled && !faulty,
    payloadStart,
    payloadEnd,
  };
}

/** A packet can begin here: sync byte, and again one packet later as far as the buffer reaches. */
export function isPacketStart(buffer: Buffer, offset: number): boolean {
  if (buffer[offset] !== SYNC_BYTE) return false;
  const next = buffer[offset + PACKET_BYTES];
  return next === undefined || next === SYNC_BYTE;
}

/** The first place from `offset` on where a packet can begin, or the length of the buffer. */
export function findPacketStart(buffer: Buffer, offset: number): number {
  let position = offset;
  while (position < buffer.length && !isPacketStart(buffer, position)) position += 1;
  return position;
}

/** The bytes look like the beginning of a transport stream. */
export function looksLikeTransportStream(buffer: Buffer): boolean {
  return buffer.length > 0 && isPacketStart(buffer, 0);
}
