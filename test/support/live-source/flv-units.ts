const FILE_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const TAG_TRAILER_BYTES = 4;

/** Cuts an FLV stream into tags and remembers what a new viewer needs first. */
export class FlvSplitter {
  #held: Buffer = Buffer.alloc(0);
  #head: Buffer[] = [];
  #headComplete = false;

  /** File header, metadata and decoder configurations. */
  get head(): Buffer {
    return Buffer.concat(this.#head);
  }

  /** The first picture or sound has come. */
  get headComplete(): boolean {
    return this.#headComplete;
  }

  /** Returns the whole tags of pictures and sound that the chunk completes. */
  push(chunk: Buffer): Buffer[] {
    this.#held = Buffer.concat([this.#held, chunk]);
    const tags: Buffer[] = [];
    for (let unit = this.#take(); unit !== null; unit = this.#take()) {
      this.#headComplete ||= isMedia(unit);
      if (this.#headComplete) tags.push(unit);
      else this.#head.push(unit);
    }
    return tags;
  }

  #take(): Buffer | null {
    if (this.#held.length < FILE_HEADER_BYTES) return null;
    const isFileHeader = this.#held.toString('latin1', 0, 3) === 'FLV';
    const length = isFileHeader
      ? FILE_HEADER_BYTES
      : TAG_HEADER_BYTES + this.#held.readUIntBE(1, 3) + TAG_TRAILER_BYTES;
    if (this.#held.length < length) return null;
    const unit = Buffer.from(this.#held.subarray(0, length));
    this.#held = this.#held.subarray(length);
    return unit;
  }
}

/** A picture or sound, neither metadata nor a decoder configuration. */
function isMedia(unit: Buffer): boolean {
  const type = unit.readUInt8(0);
  return (type === 8 || type === 9) && unit.readUInt8(TAG_HEADER_BYTES + 1) !== 0;
}
