const PACKET_BYTES = 188;
const VIDEO_PID = 0x100;

/** Whole packets of a transport stream; `keyFrame` tells that a group of pictures begins with them. */
export interface TransportUnit {
  readonly bytes: Buffer;
  readonly keyFrame: boolean;
  /** How many pictures begin in it. */
  readonly pictures: number;
}

/** Cuts the encoder's output into whole packets, and before the tables in front of each key frame. */
export class TransportSplitter {
  #held: Buffer = Buffer.alloc(0);
  /** Packets of tables, held until it is known whether a key frame follows. */
  #tables: Buffer[] = [];

  push(chunk: Buffer): TransportUnit[] {
    this.#held = Buffer.concat([this.#held, chunk]);
    const units: TransportUnit[] = [];
    let offset = 0;
    for (; offset + PACKET_BYTES <= this.#held.length; offset += PACKET_BYTES) {
      const packet = this.#held.subarray(offset, offset + PACKET_BYTES);
      if (pidOf(packet) < 0x20 || pidOf(packet) === PROGRAM_MAP_PID) {
        this.#tables.push(packet);
        continue;
      }
      units.push({
        bytes: Buffer.concat([...this.#tables, packet]),
        keyFrame: startsKeyFrame(packet),
        pictures: startsPicture(packet) ? 1 : 0,
      });
      this.#tables = [];
    }
    this.#held = this.#held.subarray(offset);
    return joinUnits(units);
  }
}

const PROGRAM_MAP_PID = 0x1000;

function pidOf(packet: Buffer): number {
  return packet.readUInt16BE(1) & 0x1fff;
}

function startsPicture(packet: Buffer): boolean {
  const unitStart = (packet.readUInt8(1) & 0x40) !== 0;
  return pidOf(packet) === VIDEO_PID && unitStart;
}

/** A picture begins and the packet is marked as a point of random access. */
function startsKeyFrame(packet: Buffer): boolean {
  const adaptationBytes = (packet.readUInt8(3) & 0x20) === 0 ? 0 : packet.readUInt8(4);
  const randomAccess = adaptationBytes > 0 && (packet.readUInt8(5) & 0x40) !== 0;
  return startsPicture(packet) && randomAccess;
}

/** Fewer, larger units: everything up to the next key frame is one. */
function joinUnits(units: readonly TransportUnit[]): TransportUnit[] {
  const joined: { parts: Buffer[]; keyFrame: boolean; pictures: number }[] = [];
  for (const unit of units) {
    const current = joined.at(-1);
    if (current === undefined || unit.keyFrame) {
      joined.push({ ...unit, parts: [unit.bytes] });
    } else {
      current.parts.push(unit.bytes);
      current.pictures += unit.pictures;
    }
  }
  return joined.map(({ parts, keyFrame, pictures }) => ({ bytes: Buffer.concat(parts), keyFrame, pictures }));
}
