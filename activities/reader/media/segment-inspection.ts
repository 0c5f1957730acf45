import { findPacketStart, isPacketStart, looksLikeTransportStream, PACKET_BYTES } from './ts-packet.js';
import type { StreamTime } from './source-clock.js';
import { timeOf, TsScanner, type TsFact } from './ts-scanner.js';

/** What an MPEG-TS segment holds. */
export interface SegmentFacts {
  /** The first of each kind: the parameters with which the segment begins. */
  readonly initial: readonly TsFact[];
  /** The decoding times of all streams, in the order of the segment. */
  readonly times: readonly StreamTime[];
  /** The first decoding time of each stream. */
  readonly firstTimes: readonly StreamTime[];
  readonly firstVideoDts: number | null;
  readonly lastVideoDts: number | null;
  readonly videoFrames: number;
}

/** Looks into a whole segment; null when it is not MPEG-TS. */
export function inspectSegment(bytes: Buffer): SegmentFacts | null {
  if (!looksLikeTransportStream(bytes)) return null;
  const facts = scanWhole(bytes);
  const firstVideo = facts.find((fact) => fact.kind === 'video');
  const pictures = facts.flatMap((fact) =>
    fact.kind === 'video' && firstVideo?.kind === 'video' && fact.pid === firstVideo.pid ? [fact.pes] : [],
  );
  const times = facts.map((fact) => timeOf(fact)).filter((time) => time !== null);
  return {
    initial: initialFacts(facts),
    times,
    firstTimes: firstOfEachStream(times),
    firstVideoDts: pictures[0]?.dts ?? null,
    lastVideoDts: pictures.at(-1)?.dts ?? null,
    videoFrames: pictures.length,
  };
}

function scanWhole(bytes: Buffer): TsFact[] {
  const scanner = new TsScanner();
  const facts: TsFact[] = [];
  let offset = 0;
  while (offset + PACKET_BYTES <= bytes.length) {
    if (!isPacketStart(bytes, offset)) {
      offset = findPacketStart(bytes, offset + 1);
      continue;
    }
    facts.push(...scanner.scan(bytes, offset, offset));
    offset += PACKET_BYTES;
  }
  facts.push(...scanner.finish());
  return facts;
}

function firstOfEachStream(times: readonly StreamTime[]): StreamTime[] {
  const first = new Map<number, StreamTime>();
  for (const time of times) if (!first.has(time.stream)) first.set(time.stream, time);
  return [...first.values()];
}

/** A change in the middle of a segment is not taken for its beginning: the segment is fed whole. */
function initialFacts(facts: readonly TsFact[]): TsFact[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const key = keyOf(fact);
    if (key === null || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function keyOf(fact: TsFact): string | null {
  switch (fact.kind) {
    case 'programs':
      return 'programs';
    case 'map':
      return `map ${fact.map.program}`;
    case 'audio':
      return fact.pes.aac === null ? null : `audio ${fact.pid}`;
    case 'video':
      return fact.pes.sets.length === 0 ? null : `video ${fact.pid}`;
  }
}
