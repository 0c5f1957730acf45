import type { PartGroup } from './timeline.js';

/** Packets of a stream, by their number in the joined file; both ends belong to it. */
interface PacketRange {
  readonly from: number;
  readonly to: number;
}

/** A filter with more ranges slows the copying down; beyond them a little sound without pictures does no harm. */
const RANGES_MAX = 400;

/**
 * Leaves the sound out that has no pictures, where a run begins or ends: options of ffmpeg for a copy.
 * @param notCopied packets of each audio stream that the copy leaves out at its start, by other options
 */
export function withoutSoundAlone(group: PartGroup, notCopied: readonly number[] = []): string[] {
  return soundStreams(group).flatMap((stream, audio) => {
    const skipped = notCopied[audio] ?? 0;
    const ranges = rangesOf(group, stream)
      .filter(({ to }) => to >= skipped)
      .map(({ from, to }) => ({ from: Math.max(0, from - skipped), to: to - skipped }));
    // Packets are counted: the time base that filters are told is not that of the packets in every ffmpeg.
    return ranges.length === 0 ? [] : [`-bsf:a:${audio}`, `noise=drop='${within(ranges)}'`];
  });
}

/** The same for sound that is encoded again: what a filter of each audio stream lets pass, null where that is everything. */
export function soundWithPictures(group: PartGroup): (string | null)[] {
  return soundStreams(group).map((stream) => {
    const ranges = rangesOf(group, stream);
    return ranges.length === 0 ? null : `aselect='not(${within(ranges)})'`;
  });
}

/** Places of the audio streams in each part; none where there are no pictures. */
function soundStreams({ parts }: PartGroup): number[] {
  const streams = parts[0]?.part.streams ?? [];
  return streams[0]?.kind === 'video' ? [...streams.keys()].slice(1) : [];
}

function within(ranges: readonly PacketRange[]): string {
  return ranges
    .slice(0, RANGES_MAX)
    .map(({ from, to }) => `between(n,${from},${to})`)
    .join('+');
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
