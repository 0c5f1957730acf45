import { join } from 'node:path';
import { STATE_FOLDER } from '../../core/manifest/index.js';

/** Where one branch of an instance records. All absolute when the data folder is. */
export interface BranchFolders {
  /** Segments and `manifest.jsonl`. */
  readonly folder: string;
  readonly stateFolder: string;
  readonly manifestFile: string;
  /** Last HLS segment that is completely recorded. */
  readonly resumeFile: string;
  /** How the source has to be looked at before it can be recorded. */
  readonly analysisFile: string;
}

/** `<dataDir>/recordings/<kind>/<name>/<branch>/`; what a folder name cannot hold is escaped. */
export function branchFolders(dataDir: string, workflowId: string, branch: string): BranchFolders {
  const folder = join(dataDir, 'recordings', ...workflowId.split('/').map(escaped), escaped(branch));
  return {
    folder,
    stateFolder: join(folder, STATE_FOLDER),
    manifestFile: join(folder, 'manifest.jsonl'),
    resumeFile: join(folder, '.resume.json'),
    analysisFile: join(folder, STATE_FOLDER, 'analysis.json'),
  };
}

/** A leading dot would hide the folder or lead out of it. */
function escaped(name: string): string {
  return encodeURIComponent(name).replace(/^\./, '%2E') || '%00';
}
