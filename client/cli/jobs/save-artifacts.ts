import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { jobNameOf } from '../../../core/jobs/id.js';
import type { JobArtifact, JobView } from '../../../core/jobs/view.js';
import { jobUrl, type GatewayAddress } from './gateway-address.js';

/** An artifact that was saved. */
export interface SavedArtifact {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** Copies what a job has made into a folder: from the data directory where it lies there, otherwise through the gateway. */
export async function saveArtifacts(
  job: JobView,
  folder: string,
  { dataDir, gateway }: { readonly dataDir: string; readonly gateway: GatewayAddress },
): Promise<SavedArtifact[]> {
  await mkdir(folder, { recursive: true });
  const saved: SavedArtifact[] = [];
  for (const artifact of job.artifacts) {
    const file = join(resolve(folder), artifact.name);
    const draft = `${file}.${process.pid}.part`;
    try {
      await fetchArtifact(job, artifact, draft, { dataDir, gateway });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    saved.push({ name: artifact.name, file, bytes: (await stat(file)).size });
  }
  return saved;
}

async function fetchArtifact(
  job: JobView,
  artifact: JobArtifact,
  target: string,
  { dataDir, gateway }: { readonly dataDir: string; readonly gateway: GatewayAddress },
): Promise<void> {
  const local = join(dataDir, 'jobs', jobNameOf(job.id), 'artifacts', artifact.name);
  const there = await stat(local).catch(() => null);
  if (there?.size === artifact.bytes) return copyFile(local, target);
  const url = `${jobUrl(gateway, job.id)}/artifacts/${encodeURIComponent(artifact.name)}`;
  const answer = await fetch(url, { headers: gateway.headers }).catch(() => null);
  if (answer?.ok !== true || answer.body === null) {
    const why = answer === null ? 'no gateway answers' : `the gateway answers ${answer.status}`;
    throw new Error(
      `${artifact.name} is on the host ${artifact.host}, not in ${dataDir}, and ${why} at ${gateway.url}`,
    );
  }
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(target));
}
