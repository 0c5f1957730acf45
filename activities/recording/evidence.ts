import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSegmentName } from '../../core/manifest/index.js';
import type { Evidence } from '../../core/evidence.js';
import type { RunPaths } from '../custody/handler.js';
import type { EndEvent } from '../reader/index.js';
import { lookLonger } from './analysis.js';
import { schemeOf } from './ffmpeg-arguments.js';
import type { BranchFolders } from './folders.js';
import { unlessMissing } from './file-error.js';
import { lastEvent, readReaderLog } from './reader-log.js';
import { probeStorage } from './storage-probe.js';

/** Enough of the log to find what ffmpeg said last. */
const LOG_TAIL_BYTES = 16 * 1024;
/** Before ffmpeg says so of a bare connection it has read to its end: the other side closed it with nothing said. */
const NOTHING_READABLE = /Invalid data found when processing input/;

export interface EvidenceInput {
  readonly folders: BranchFolders;
  readonly paths: RunPaths;
  readonly run: number;
  /** Our reader feeds ffmpeg. */
  readonly usesReader: boolean;
  /** The address that ffmpeg reads itself; null when something of ours feeds it. */
  readonly ownAddress: string | null;
}

/**
 * Facts about the end of a recording. When the reader ended by itself, its facts decide: ffmpeg only saw the end of its input. Otherwise ffmpeg
 * ended first, and the disk is asked.
 */
export async function collectRecordingEvidence(input: EvidenceInput): Promise<Evidence> {
  if (input.usesReader) {
    const end = lastEvent(await readReaderLog(input.paths.readerFile), 'end');
    const facts = end === null ? null : readerFacts(end);
    if (facts !== null) return facts;
  }
  const storage = await probeStorage(input.folders.folder);
  if (storage.freeBytes === 0 || storage.writable === false) return { tool: 'ffmpeg', ...storage };
  const { ownAddress } = input;
  const said: Evidence = isLiveAddress(ownAddress) ? { tool: 'ffmpeg', role: 'input' } : { tool: 'ffmpeg' };
  if (await hasRecorded(input)) return said;
  const log = await logTail(input.paths.stderrFile);
  if (lookLonger(input.folders, log)) {
    return {
      tool: 'ffmpeg',
      codecChanged: true,
      text: 'the source did not show what it holds in time; the next run looks longer',
    };
  }
  const closedEarly = schemeOf(ownAddress ?? '') === 'tcp' && NOTHING_READABLE.test(log);
  return closedEarly ? { ...said, endOfStream: true } : said;
}

/** A file or a generated picture comes to an end of its own. What an address hides that is a secret is not known, but it is hardly a file. */
function isLiveAddress(address: string | null): boolean {
  if (address === null) return false;
  const scheme = schemeOf(address);
  return scheme === '' ? address.startsWith('${env:') : scheme !== 'file' && scheme !== 'lavfi';
}

/** Null when the reader was ended by others and so knows nothing. */
function readerFacts(end: EndEvent): Evidence | null {
  const said = { tool: 'other', role: 'input', text: end.message };
  switch (end.reason) {
    case 'endlist':
      return { ...said, sourceEnded: true };
    case 'eof':
      return { ...said, endOfStream: true };
    case 'cut':
      return { ...said, codecChanged: true };
    case 'error':
      return {
        ...said,
        ...(end.httpStatus === undefined ? {} : { httpStatus: end.httpStatus }),
        ...(end.errorCode === undefined ? {} : { errorCode: end.errorCode }),
      };
    case 'output_closed':
    case 'stopped':
      return null;
  }
}

/** A run that has written media knew its streams, whatever its log says. */
async function hasRecorded(input: EvidenceInput): Promise<boolean> {
  const { folder } = input.folders;
  for (const file of await unlessMissing(readdir(folder), [])) {
    if (parseSegmentName(file)?.run !== input.run) continue;
    if (((await unlessMissing(stat(join(folder, file)), null))?.size ?? 0) > 0) return true;
  }
  return false;
}

async function logTail(file: string): Promise<string> {
  const handle = await unlessMissing(open(file, 'r'), null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, LOG_TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
