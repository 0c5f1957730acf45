import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readManifest, type Manifest } from '../../../core/manifest/index.js';
import { unlessMissing } from '../../recording/file-error.js';
import { branchFolders, type BranchFolders } from '../../recording/folders.js';
import { StepFailure } from '../step-failure.js';

/** What a job works on. */
export interface RecordingRef {
  /** `kind/name` of the instance. */
  readonly recording: string;
  /** May be left out where there is only one. */
  readonly branch?: string | undefined;
}

export interface RecordingBranch {
  readonly recording: string;
  readonly branch: string;
  readonly folders: BranchFolders;
  readonly manifest: Manifest;
}

/**
 * Finds the recording and reads its manifest.
 * @throws {StepFailure} `not_recorded`, naming what there is
 */
export async function openRecording(dataDir: string, ref: RecordingRef): Promise<RecordingBranch> {
  const branch = await findBranch(dataDir, ref);
  const folders = branchFolders(dataDir, ref.recording, branch);
  const text = await unlessMissing(readFile(folders.manifestFile, 'utf8'), null);
  if (text === null) {
    throw new StepFailure('not_recorded', `${ref.recording} has recorded nothing in ${branch} yet`, false);
  }
  return { recording: ref.recording, branch, folders, manifest: readManifest(text) };
}

async function findBranch(dataDir: string, { recording, branch }: RecordingRef): Promise<string> {
  const instanceFolder = dirname(branchFolders(dataDir, recording, 'any').folder);
  const entries = await unlessMissing(readdir(instanceFolder, { withFileTypes: true }), []);
  const branches = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => decodeURIComponent(name))
    .sort();
  const [only, another] = branches;
  if (only === undefined) {
    throw new StepFailure('not_recorded', `there is no recording of ${recording} on this host`, false);
  }
  if (branch === undefined) {
    if (another === undefined) return only;
    const message = `${recording} records in several branches: name one of ${branches.join(', ')} as branch`;
    throw new StepFailure('not_recorded', message, false);
  }
  if (branches.includes(branch)) return branch;
  const message = `${recording} has no recording in ${branch}; there is ${branches.join(', ')}`;
  throw new StepFailure('not_recorded', message, false);
}
