/** Pictures that carry their own number, so that a recording shows which of them it holds. */
export const PICTURE_WIDTH = 320;
export const PICTURE_HEIGHT = 180;
export const FRAMES_PER_SECOND = 25;

/** Bits of the number: 2^20 frames are 11.6 hours. */
const NUMBER_BITS = 20;
/** One bit is one column of macroblocks, which survives any compression. */
const BIT_WIDTH = PICTURE_WIDTH / NUMBER_BITS;
const CODE_HEIGHT = 96;
const DARK = 16;
const LIGHT = 235;
const LUMA_BYTES = PICTURE_WIDTH * PICTURE_HEIGHT;

/** A yuv420p picture: the number as bright and dark columns above, a moving pattern below. */
export function makePicture(number: number): Buffer {
  const picture = Buffer.alloc(LUMA_BYTES * 1.5, 128);
  const code = Buffer.alloc(PICTURE_WIDTH);
  for (let bit = 0; bit < NUMBER_BITS; bit += 1) {
    const set = (number >> (NUMBER_BITS - 1 - bit)) & 1;
    code.fill(set === 1 ? LIGHT : DARK, bit * BIT_WIDTH, (bit + 1) * BIT_WIDTH);
  }
  for (let row = 0; row < CODE_HEIGHT; row += 1) code.copy(picture, row * PICTURE_WIDTH);
  for (let row = CODE_HEIGHT; row < PICTURE_HEIGHT; row += 1) {
    const shift = (row * 5 + number * 3) % PICTURE_WIDTH;
    PATTERN.copy(picture, row * PICTURE_WIDTH, shift, shift + PICTURE_WIDTH);
  }
  return picture;
}

/** Bytes of a picture as `CODE_FILTER` delivers it. */
export const CODE_BYTES = NUMBER_BITS;
/** ffmpeg filter that reduces a picture to one byte for each bit of its number. */
export const CODE_FILTER = `crop=${PICTURE_WIDTH}:${CODE_HEIGHT / 2}:0:${CODE_HEIGHT / 4},scale=${NUMBER_BITS}:1:flags=area,format=gray`;

/** Reads the number of a picture that went through `CODE_FILTER`. */
export function readPictureNumber(code: Uint8Array): number {
  return code.reduce((number, luma) => number * 2 + (luma > 125 ? 1 : 0), 0);
}

const PATTERN = Buffer.from(
  Array.from({ length: 2 * PICTURE_WIDTH }, (_, index) => 64 + ((index * 7) % 128)),
);
