import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { jobNameOf, type JobArtifact, type JobView } from '../../../core/jobs/index.js';
import { RequestProblem } from '../problem.js';

/** An artifact that is here and open. */
export interface OpenArtifact {
  readonly artifact: JobArtifact;
  readonly handle: FileHandle;
  readonly size: number;
  /** Changes with the file. */
  readonly etag: string;
}

/**
 * Opens an artifact for reading. Only what the job has announced is served, so that no name leads anywhere else.
 * @throws {RequestProblem} `not_found`, saying whether the job has no such artifact or it lies on another host
 */
export async function openArtifact(dataDir: string, job: JobView, name: string): Promise<OpenArtifact> {
  const artifact = job.artifacts.find((known) => known.name === name);
  if (artifact === undefined) {
    const names = job.artifacts.map((known) => known.name);
    throw new RequestProblem('not_found', `${job.id} has no artifact ${name}`, {
      key: 'params.name',
      value: name,
      ...(names.length === 0 ? {} : { allowed: names.join(', ') }),
    });
  }
  const path = join(dataDir, 'jobs', jobNameOf(job.id), 'artifacts', artifact.name);
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return await described(artifact, handle);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    throw new RequestProblem(
      'not_found',
      `the artifact ${name} is not in the data directory of this gateway: it was made on host ${artifact.host}, or was deleted`,
      {},
      { cause: error },
    );
  }
}

async function described(artifact: JobArtifact, handle: FileHandle): Promise<OpenArtifact> {
  const { size, mtimeMs } = await handle.stat().catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  const etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
  return { artifact, handle, size, etag };
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
