import * as fc from 'fast-check';
import type { SourceChange, StreamCutter } from '../../../../activities/reader/media/cutter.js';

/** Everything a cutter lets through of a stream that comes in these pieces. */
export function passThrough(
  cutter: StreamCutter,
  pieces: readonly Buffer[],
): { readonly output: Buffer; readonly change: SourceChange | null } {
  const output: Buffer[] = [];
  for (const piece of pieces) {
    const result = cutter.push(piece);
    output.push(...result.output);
    if (result.change !== null) return { output: Buffer.concat(output), change: result.change };
  }
  output.push(...cutter.flush());
  return { output: Buffer.concat(output), change: null };
}

/** Sizes of pieces, from single bytes to more than a packet. */
export const pieceSizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 60 });

/** Cuts a stream into pieces of the given sizes, over and over. */
export function cutIntoPieces(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let offset = 0;
  for (let index = 0; offset < stream.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(Buffer.from(stream.subarray(offset, offset + size)));
    offset += size;
  }
  return pieces;
}

/** Overwrites bytes at random places. */
export function damage(
  stream: Buffer,
  places: readonly { readonly at: number; readonly value: number }[],
): Buffer {
  const damaged = Buffer.from(stream);
  for (const { at, value } of places) damaged[at % damaged.length] = value;
  return damaged;
}

export const damagedPlaces = fc.array(
  fc.record({ at: fc.nat({ max: 1_000_000 }), value: fc.integer({ min: 0, max: 255 }) }),
  { minLength: 1, maxLength: 40 },
);
