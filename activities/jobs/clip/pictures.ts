import type { MediaPacket } from '../../recording/packets.js';

/** A picture that can be decoded alone. Decoders want it a little before it is shown, where later pictures are predicted across others. */
export interface KeyPicture {
  readonly atMs: number;
  readonly decodedAtMs: number;
}

/** When each picture of a file is shown, and which of them can be decoded alone. In its own time, in order. */
export interface PictureTimes {
  readonly allMs: readonly number[];
  readonly keys: readonly KeyPicture[];
}

/** Collects the times of the main stream: the pictures, or the sound where there is none. */
export class PictureCollector {
  readonly #streams = new Map<number, { allMs: number[]; keys: KeyPicture[] }>();

  take({ stream, presentedAtMs, decodedAtMs, isKey }: MediaPacket): void {
    if (!Number.isFinite(presentedAtMs)) return;
    let times = this.#streams.get(stream);
    if (times === undefined) this.#streams.set(stream, (times = { allMs: [], keys: [] }));
    times.allMs.push(presentedAtMs);
    if (!isKey) return;
    times.keys.push({
      atMs: presentedAtMs,
      decodedAtMs: Number.isFinite(decodedAtMs) ? decodedAtMs : presentedAtMs,
    });
  }

  of(stream: number): PictureTimes {
    const { allMs, keys } = this.#streams.get(stream) ?? { allMs: [], keys: [] };
    return {
      allMs: allMs.toSorted((left, right) => left - right),
      keys: keys.toSorted((left, right) => left.atMs - right.atMs),
    };
  }
}
