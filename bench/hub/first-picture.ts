import { readFile } from 'node:fs/promises';

const FILE_HEAD_BYTES = 13;
const TAG_HEAD_BYTES = 11;
const TAG_SIZE_BYTES = 4;
const VIDEO_TAG = 9;
/** A key frame of H.264, and not the parameter sets that go before. */
const KEY_FRAME_OF_AVC = 0x17;
const PICTURE = 1;

/** The wall-clock time at which a key frame was first seen in a growing FLV file; null while there is none. */
export async function firstPictureAt(file: string): Promise<number | null> {
  const bytes = await readFile(file);
  for (let at = FILE_HEAD_BYTES; at + TAG_HEAD_BYTES + 2 <= bytes.length;) {
    const isPicture =
      bytes[at] === VIDEO_TAG &&
      bytes[at + TAG_HEAD_BYTES] === KEY_FRAME_OF_AVC &&
      bytes[at + TAG_HEAD_BYTES + 1] === PICTURE;
    if (isPicture) return Date.now();
    at += TAG_HEAD_BYTES + bytes.readUIntBE(at + 1, 3) + TAG_SIZE_BYTES;
  }
  return null;
}
