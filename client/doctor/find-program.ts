import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { programCandidates } from '../../core/program-candidates.js';

/** Path of the program that would run here; undefined when there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const path of programCandidates(name, process.env)) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}
