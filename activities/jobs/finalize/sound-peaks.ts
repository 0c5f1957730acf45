/** Bytes of a sample: 16 bits, signed, little-endian. */
const SAMPLE_BYTES = 2;
const FULL_SCALE = 32_768;

/** The loudest moment of each column of a picture, out of samples that come in pieces of any length. */
export class SoundPeaks {
  /** 0 is silence, 1 is full scale. */
  readonly columns: number[];
  readonly #samplesPerColumn: number;
  #samples = 0;
  #halfSample: Buffer = Buffer.alloc(0);

  /** @param samplesExpected In all; what comes beyond belongs to the last column. */
  constructor(columns: number, samplesExpected: number) {
    this.columns = Array.from({ length: columns }, () => 0);
    this.#samplesPerColumn = Math.max(1, samplesExpected / columns);
  }

  take(piece: Buffer): void {
    const bytes = this.#halfSample.length === 0 ? piece : Buffer.concat([this.#halfSample, piece]);
    const whole = bytes.length - (bytes.length % SAMPLE_BYTES);
    for (let offset = 0; offset < whole; offset += SAMPLE_BYTES) {
      const column = Math.min(this.columns.length - 1, Math.floor(this.#samples / this.#samplesPerColumn));
      const level = Math.abs(bytes.readInt16LE(offset)) / FULL_SCALE;
      if (level > (this.columns[column] as number)) this.columns[column] = level;
      this.#samples += 1;
    }
    this.#halfSample = bytes.subarray(whole);
  }

  /** Goes on at this sample: the file before it may have had a little less sound than picture. */
  skipTo(sample: number): void {
    this.#samples = sample;
    this.#halfSample = Buffer.alloc(0);
  }

  get samples(): number {
    return this.#samples;
  }
}

/** A picture of the columns, mirrored at the middle; one byte of grey for each pixel, row by row. */
export function drawPeaks(columns: readonly number[], height: number): Buffer {
  const pixels = Buffer.alloc(columns.length * height, BACKGROUND);
  const middle = (height - 1) / 2;
  for (const [x, level] of columns.entries()) {
    // A line is left of silence, so that it can be told from a broken picture.
    const reach = Math.max(0.5, level * middle);
    for (let y = Math.ceil(middle - reach); y <= Math.floor(middle + reach); y += 1) {
      pixels[y * columns.length + x] = FOREGROUND;
    }
  }
  return pixels;
}

const BACKGROUND = 24;
const FOREGROUND = 208;
