import { hashOf } from '../hash.js';

/** A place from 0 up to (not including) `widthMs` that follows from the text alone. Whole milliseconds. */
export function placeWithin(text: string, widthMs: number): number {
  return Math.floor((hashOf(text) / 2 ** 32) * widthMs);
}
