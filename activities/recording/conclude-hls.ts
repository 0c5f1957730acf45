import { open, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { compareSegments, parseSegmentName, type RunFacts } from '../../core/manifest/index.js';
import type { HlsSegmentEvent } from '../reader/index.js';
import type { Branch } from './branch.js';
import { noteHlsStart } from './hls-start.js';
import { readPackets, type MediaPacket } from './packets.js';
import { readReaderLog } from './reader-log.js';
import { decideTail, readResume, writeResume, type ResumeState, type ResumeTail } from './resume-state.js';
import { listSegments, type SegmentFile } from './segment-files.js';
import type { RecordingTools } from './tools.js';

/** Period of the decoding clock of MPEG-TS. */
const CLOCK_PERIOD = 2 ** 33;

/**
 * Works out after which HLS segment the next run takes up, for every run that is over. A killed run has fed more than it has recorded: what
 * it holds of an unfinished segment is cut off, so that nothing is doubled when that segment is fed again.
 */
export async function concludeRuns(branch: Branch, tools: RecordingTools, endedRun: number): Promise<void> {
  for (const facts of await branch.facts.all()) {
    if (facts.run > endedRun || facts.concluded) continue;
    try {
      await conclude(branch, tools, facts);
    } catch (error) {
      tools.logger.warn({ runKey: facts.runKey, error }, 'where to take up after this run is not known');
    }
    await branch.facts.update(facts.run, { concluded: true });
  }
}

async function conclude(branch: Branch, tools: RecordingTools, facts: RunFacts): Promise<void> {
  if (facts.readerFile === null) return;
  // Whether this run has fed an earlier tail again has to be known before its own place replaces that one's.
  await noteHlsStart(branch, facts.run, facts.readerFile);
  await decideTail(branch, Date.now());
  const events = await readReaderLog(facts.readerFile);
  const fed = events.filter((event): event is HlsSegmentEvent => event.type === 'hls-segment');
  if (facts.end?.outcome === 'stopped' || facts.end?.outcome === 'ended') {
    await forgetPlace(branch);
    return;
  }
  const lastFed = fed.at(-1);
  if (lastFed === undefined) return;
  const file = (await listSegments(branch.folders.folder)).findLast((entry) => entry.run === facts.run);
  if (file === undefined) return;
  if (file.extension !== 'ts' || fed.some((event) => event.lastVideoDts === null)) {
    await writeResume(branch, stateAfter(lastFed, facts.run));
    return;
  }
  await cutAtLastWholeSegment(branch, tools, facts, fed, file);
}

/** Nobody is to take up: an unfinished segment stays as it is. */
async function forgetPlace(branch: Branch): Promise<void> {
  const state = await readResume(branch);
  if (state?.tail === undefined) await writeResume(branch, null);
}

async function cutAtLastWholeSegment(
  branch: Branch,
  tools: RecordingTools,
  facts: RunFacts,
  fed: readonly HlsSegmentEvent[],
  file: SegmentFile,
): Promise<void> {
  const { folder } = branch.folders;
  const pictures: MediaPacket[] = [];
  let firstPosition = Number.POSITIVE_INFINITY;
  await readPackets(tools.ffprobePath, join(folder, file.file), (packet) => {
    if (!Number.isFinite(packet.position)) return;
    firstPosition = Math.min(firstPosition, packet.position);
    if (packet.kind === 'video' && Number.isFinite(packet.decodingTime)) pictures.push(packet);
  });
  const lastPicture = pictures.at(-1);
  if (lastPicture === undefined) return;
  const before = await readResume(branch);
  const whole = fed.findLast((event) => !isLater(event.lastVideoDts as number, lastPicture.decodingTime));
  const resume = whole === undefined ? before : stateAfter(whole, facts.run);
  if (resume === null) return;
  const rest = pictures.find(
    (picture) => whole === undefined || isLater(picture.decodingTime, whole.lastVideoDts as number),
  );
  const tail: ResumeTail = {
    file: `.tail-${file.run}-${file.number}.ts`,
    sequence: resume.sequence + 1,
    run: file.run,
    number: file.number + 1,
  };
  if (rest === undefined || (await isInManifest(branch, file))) {
    const known = before?.tail?.file === tail.file && before.sequence === resume.sequence;
    await writeResume(branch, known ? { ...resume, tail } : resume);
    return;
  }
  await cutOff(branch, file, { headerBytes: firstPosition, position: rest.position }, { ...resume, tail });
}

/** Cuts a file in two so that a crash between any two steps leaves every byte in one of them. */
async function cutOff(
  branch: Branch,
  file: SegmentFile,
  cut: { readonly headerBytes: number; readonly position: number },
  state: ResumeState & { readonly tail: ResumeTail },
): Promise<void> {
  const { folder } = branch.folders;
  const headPath = join(folder, file.file);
  const tailPath = join(folder, state.tail.file);
  const times = await stat(headPath);
  if (cut.position <= cut.headerBytes) {
    // All of it is unfinished: the file becomes the tail and keeps its number.
    await writeResume(branch, { ...state, tail: { ...state.tail, number: file.number } });
    await rename(headPath, tailPath);
    return;
  }
  await copyRest(headPath, tailPath, cut, times.size);
  await utimes(tailPath, times.atime, times.mtime);
  await writeResume(branch, state);
  const head = await open(headPath, 'r+');
  try {
    await head.truncate(cut.position);
    await head.sync();
  } finally {
    await head.close();
  }
  await utimes(headPath, times.atime, times.mtime);
}

/** The tail begins with the tables of the file it comes from, so that it can be played alone. */
async function copyRest(
  headPath: string,
  tailPath: string,
  cut: { readonly headerBytes: number; readonly position: number },
  size: number,
): Promise<void> {
  await rm(tailPath, { force: true });
  const source = await open(headPath, 'r');
  const target = await open(tailPath, 'w', 0o640);
  try {
    const header = Buffer.alloc(cut.headerBytes);
    await source.read(header, 0, header.length, 0);
    await target.writeFile(header);
    const rest = Buffer.alloc(size - cut.position);
    await source.read(rest, 0, rest.length, cut.position);
    await target.writeFile(rest);
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
}

async function isInManifest(branch: Branch, file: SegmentFile): Promise<boolean> {
  const last = await branch.manifest.lastSegment();
  const name = last === null ? null : parseSegmentName(last.file);
  return name !== null && compareSegments(file, name) <= 0;
}

function stateAfter(event: HlsSegmentEvent, run: number): ResumeState {
  return {
    sequence: event.sequence,
    uri: event.uri,
    ...(event.programDateTime === undefined ? {} : { programDateTime: event.programDateTime }),
    run,
    at: event.at,
  };
}

/** Compares two decoding times of a clock that begins again every 26.5 hours. */
function isLater(time: number, than: number): boolean {
  const distance = (((time - than) % CLOCK_PERIOD) + CLOCK_PERIOD) % CLOCK_PERIOD;
  return distance > 0 && distance < CLOCK_PERIOD / 2;
}
