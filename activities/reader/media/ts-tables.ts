/** Sections of the programme tables are at most this long (ISO 13818-1). */
const MAX_SECTION_BYTES = 1024;
const PAT_TABLE = 0;
const PMT_TABLE = 2;

/** Which codec an elementary stream of a programme carries. */
export interface ElementaryStream {
  readonly pid: number;
  readonly streamType: number;
}

/** A programme table: which streams belong together. */
export interface ProgramMap {
  readonly program: number;
  readonly streams: readonly ElementaryStream[];
}

/** Puts sections together that span packets. Position is where in the stream the section began. */
export class SectionCollector {
  #bytes: Buffer | null = null;
  #position = 0;

  /** Where the unfinished section began, or null. */
  get unfinishedFrom(): number | null {
    return this.#bytes === null ? null : this.#position;
  }

  /** Adds the payload of a packet. Returns the section it completes (one a unit start), or null. */
  push(payload: Buffer, unitStart: boolean, position: number): { bytes: Buffer; position: number } | null {
    if (unitStart) {
      const pointer = payload[0] ?? 0;
      this.#bytes = Buffer.from(payload.subarray(1 + pointer));
      this.#position = position;
    } else if (this.#bytes !== null) {
      this.#bytes = Buffer.concat([this.#bytes, payload]);
    }
    return this.#complete();
  }

  /** Gives the unfinished section up. */
  abandon(): void {
    this.#bytes = null;
  }

  #complete(): { bytes: Buffer; position: number } | null {
    const bytes = this.#bytes;
    if (bytes === null || bytes.length < 3) return null;
    const length = 3 + (bytes.readUInt16BE(1) & 0x0fff);
    if (length > MAX_SECTION_BYTES) this.#bytes = null;
    if (length > MAX_SECTION_BYTES || bytes.length < length) return null;
    this.#bytes = null;
    return { bytes: bytes.subarray(0, length), position: this.#position };
  }
}

/** Reads a programme association: programme number to PID of its map; null when it is none, not current or damaged. */
export function parseProgramAssociation(section: Buffer): Map<number, number> | null {
  if (!isCurrentTable(section, PAT_TABLE)) return null;
  const programs = new Map<number, number>();
  for (let offset = 8; offset + 4 <= section.length - 4; offset += 4) {
    const program = section.readUInt16BE(offset);
    if (program !== 0) programs.set(program, section.readUInt16BE(offset + 2) & 0x1fff);
  }
  return programs;
}

/** Reads a programme map; null when it is none, not current or damaged. */
export function parseProgramMap(section: Buffer): ProgramMap | null {
  if (!isCurrentTable(section, PMT_TABLE) || section.length < 16) return null;
  const streams: ElementaryStream[] = [];
  let offset = 12 + (section.readUInt16BE(10) & 0x0fff);
  while (offset + 5 <= section.length - 4) {
    streams.push({
      streamType: section.readUInt8(offset),
      pid: section.readUInt16BE(offset + 1) & 0x1fff,
    });
    offset += 5 + (section.readUInt16BE(offset + 3) & 0x0fff);
  }
  return { program: section.readUInt16BE(3), streams };
}

function isCurrentTable(section: Buffer, table: number): boolean {
  const current = ((section[5] ?? 0) & 1) === 1;
  return section[0] === table && section.length >= 12 && current && crc32(section) === 0;
}

/** CRC-32/MPEG-2; zero over a whole section that is intact. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  }
  return value >>> 0;
}
