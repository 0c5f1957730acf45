import { accessSync, constants, statSync } from 'node:fs';
import { programCandidates } from '../../core/program-candidates.js';

/** Where the Temporal CLI is: on the PATH or in the cache that `scripts/setup` fills. Throws when it is nowhere. */
export function findTemporal(environment: NodeJS.ProcessEnv = process.env): string {
  const found = programCandidates('temporal', environment).find(isProgram);
  if (found === undefined) {
    throw new Error('the Temporal CLI was found neither on the PATH nor in the cache; run scripts/setup');
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
