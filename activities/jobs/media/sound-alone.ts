import type { PartGroup } from './timeline.js';

/** Packets of a stream, by their number in the joined file; both ends belong to it. */
interface PacketRange {
  readonly from: number;
  readonly to: number;
}

/** A filter with more ranges slows the copying down; beyond them a little sound without pictures does no harm. */
const RANGES_MAX = 400;

/** Leaves the sound out that has no pictures, where a run begins or ends: options of ffmpeg for a copy of all packets. */
export function withoutSoundAlone(group: PartGroup): string[] {
  const streams = group.parts[0]?.part.streams ?? [];
  if (streams[0]?.kind !== 'video') return [];
  return streams.slice(1).flatMap((_stream, audio) => {
    const ranges = rangesOf(group, audio + 1).slice(0, RANGES_MAX);
    if (ranges.length === 0) return [];
    // Packets are counted: the time base that filters are told is not that of the packets in every ffmpeg.
    const drop = ranges.map(({ from, to }) => `between(n,${from},${to})`).join('+');
    return [`-bsf:a:${audio}`, `noise=drop='${drop}'`];
  });
}

function rangesOf(group: PartGroup, stream: number): PacketRange[] {
  const ranges: PacketRange[] = [];
  let count = 0;
  for (const [index, { part, isContinued }] of group.parts.entries()) {
    const { packets, leading, trailing } = part.streams[stream] ?? { packets: 0, leading: 0, trailing: 0 };
    const isBegin = index === 0 || group.parts[index - 1]?.isContinued === false;
    if (isBegin && leading > 0) ranges.push({ from: count, to: count + leading - 1 });
    if (!isContinued && trailing > 0)
      ranges.push({ from: count + packets - trailing, to: count + packets - 1 });
    count += packets;
  }
  return ranges;
}
