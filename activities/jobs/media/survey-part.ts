import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { SegmentLine } from '../../../core/manifest/index.js';
import { unlessMissing } from '../../recording/file-error.js';
import { readPackets, type MediaPacket } from '../../recording/packets.js';
import type { DamagedPart, Part, PartStream } from './part.js';
import { PartGauge } from './part-gauge.js';
import { isUsable, probeFile, type FileFormat, type FileStream } from './probe-file.js';

/** Looks a closed segment through, every packet of it. `take` sees the packets as they go by. */
export async function surveyPart(
  ffprobePath: string,
  folder: string,
  line: SegmentLine,
  take: (packet: MediaPacket) => void = () => undefined,
): Promise<Part | DamagedPart> {
  const path = join(folder, line.file);
  const stats = await unlessMissing(stat(path), null);
  if (stats === null) return { line, problem: 'it is not there any more' };
  if (stats.size !== line.bytes) {
    return { line, problem: `it has ${stats.size} bytes, and had ${line.bytes} when it was recorded` };
  }
  const format = await probeFile(ffprobePath, path);
  if ('problem' in format) return { line, problem: format.problem };
  const gauge = new PartGauge();
  const complaint = await readPackets(ffprobePath, path, (packet) => {
    gauge.take(packet);
    take(packet);
  });
  return partOf(line, format, gauge, complaint);
}

function partOf(
  line: SegmentLine,
  format: FileFormat,
  gauge: PartGauge,
  complaint: string,
): Part | DamagedPart {
  const usable = streamsOf(format).filter(({ index }) => gauge.has(index));
  const main = usable[0];
  if (main === undefined) {
    return { line, problem: complaint || 'there is neither video nor audio in it' };
  }
  const { frames, framesBeforeKey, fromMs, toMs } = gauge.stream(main.index);
  if (toMs <= fromMs) return { line, problem: complaint || 'it has no duration' };
  // Fewer pictures and words of trouble are damage; another number alone is for the verification to tell.
  if (complaint !== '' && frames < line.frames) {
    return { line, problem: `${frames} of ${line.frames} pictures can be read: ${complaint}` };
  }
  return {
    line,
    layout: layoutOf(line, usable),
    streams: usable.map((stream) => partStream(stream, gauge, { fromMs, toMs })),
    fileStartMs: format.startMs,
    fromMs,
    toMs,
    latestMs: gauge.latestMs,
    holes: gauge.holesIn(main.index),
    frames,
    framesBeforeKey,
  };
}

function partStream(
  { index, kind }: FileStream,
  gauge: PartGauge,
  main: { readonly fromMs: number; readonly toMs: number },
): PartStream {
  const stream = gauge.stream(index);
  return {
    index,
    kind: kind === 'video' ? 'video' : 'audio',
    packets: stream.frames,
    leading: stream.endedBy(main.fromMs),
    trailing: stream.beginningFrom(main.toMs),
  };
}

/** The first picture before all sound, as recordings are mapped. */
function streamsOf(format: FileFormat): FileStream[] {
  const usable = format.streams.filter(isUsable);
  const video = usable.filter(({ kind }) => kind === 'video').slice(0, 1);
  return [...video, ...usable.filter(({ kind }) => kind === 'audio')];
}

function layoutOf(line: SegmentLine, streams: readonly FileStream[]): string {
  const words = streams.map((stream) =>
    stream.kind === 'video'
      ? `${stream.codec} ${stream.profile} ${stream.width}x${stream.height} ${stream.pixelFormat}${headerOf(stream)}`
      : `${stream.codec} ${stream.sampleRate} Hz ${stream.channels} ch`,
  );
  const numbers = streams.map(({ index }) => index).join(',');
  return `${extname(line.file).slice(1)} ${words.join(' + ')} [${numbers}]`;
}

/** H.264 is joined with its headers in the stream; of every other codec one header has to do for the whole file. */
function headerOf({ codec, headerHash }: FileStream): string {
  return codec === 'h264' || headerHash === '' ? '' : ` ${headerHash}`;
}
