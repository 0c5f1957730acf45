import { join } from 'node:path';
import type { InstanceView } from '../library/read-instance.js';
import { disksUnder, tightestDisk, type RecordingDisk } from './disks.js';

/** Where an instance records, and the disk there; none where it records on another host: then nothing is known. */
export interface RecordingPlace {
  /** Absolute. */
  readonly recordings: string;
  readonly disk: RecordingDisk | undefined;
}

export async function recordingPlace(dataDir: string, id: string): Promise<RecordingPlace> {
  const recordings = join(dataDir, 'recordings', id);
  return { recordings, disk: tightestDisk(await disksUnder(recordings, 1)) };
}

/** One flat JSON document of an instance: what the workflow says of itself, with live figures in its branches. */
export function instanceDocument(instance: InstanceView, { recordings, disk }: RecordingPlace) {
  const { status, ...rest } = instance;
  return { ...status, ...rest, recordings, freeBytes: disk?.freeBytes ?? null };
}
