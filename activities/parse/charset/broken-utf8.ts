/** A fault is at most so many bytes long: what is left of one character with one byte broken. */
const FAULT_BYTES_MAX = 4;
const SURROGATE_BYTES = 3;

/**
 * True when bytes are UTF-8 but for a few faults, such as a character that was cut in the middle. Measured in bytes that continue
 * a character as they should, and in stretches beyond ASCII without a fault: a text in any other character set has more faults.
 * @param evidencePerFault How many there must be for each fault.
 */
export function isMostlyUtf8(bytes: Uint8Array, evidencePerFault: number): boolean {
  let evidence = 0;
  let faults = 0;
  let faultyBytes = 0;
  let stretch: 'none' | 'whole' | 'faulty' = 'none';
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (length === 0) {
      if (faultyBytes % FAULT_BYTES_MAX === 0) faults += 1;
      stretch = 'faulty';
    } else if (length === 1) {
      if (stretch === 'whole') evidence += 1;
      stretch = 'none';
    } else {
      evidence += length - 1;
      if (stretch === 'none') stretch = 'whole';
    }
    faultyBytes = length === 0 ? faultyBytes + 1 : 0;
    at += Math.max(1, length);
  }
  if (stretch === 'whole') evidence += 1;
  return evidence >= faults * evidencePerFault;
}

/**
 * Some programs write a character beyond the first 65,536 as two halves of three bytes each (CESU-8): makes one of four bytes
 * of them. Other bytes stay as they are.
 */
export function joinSurrogates(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    if (!isPairAt(bytes, at)) continue;
    const halves = [at, at + SURROGATE_BYTES].map((start) => 0xd000 | tenBitsAt(bytes, start));
    parts.push(bytes.subarray(from, at), Buffer.from(String.fromCharCode(...halves)));
    from = at + 2 * SURROGATE_BYTES;
    at = from - 1;
  }
  return from === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

/** The length of the whole character at a position; 0 when there is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (isPairAt(bytes, at)) return 2 * SURROGATE_BYTES;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const [lowest, highest] = rangeAfter(lead);
  const second = bytes[at + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let next = at + 2; next < at + length; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** What may follow a first byte: no character is written longer than it needs to be, and halves of pairs are none. */
function rangeAfter(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function isPairAt(bytes: Uint8Array, at: number): boolean {
  return isHalfAt(bytes, at, 0xa0) && isHalfAt(bytes, at + SURROGATE_BYTES, 0xb0);
}

/** @param lowest What the second byte begins with: 0xa0 in a first half, 0xb0 in a second. */
function isHalfAt(bytes: Uint8Array, at: number, lowest: number): boolean {
  return (
    bytes[at] === 0xed && ((bytes[at + 1] ?? 0) & 0xf0) === lowest && ((bytes[at + 2] ?? 0) & 0xc0) === 0x80
  );
}

/** What the two continuation bytes at a half of a pair say. */
function tenBitsAt(bytes: Uint8Array, start: number): number {
  return (((bytes[start + 1] ?? 0) & 0x3f) << 6) | ((bytes[start + 2] ?? 0) & 0x3f);
}
