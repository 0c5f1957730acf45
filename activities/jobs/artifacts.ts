import { mkdir, open, rename, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { JobArtifact } from '../../core/jobs/index.js';
import type { JobFolders } from './folders.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Moves a whole file of the work folder to the artifacts: whoever reads there never sees half of one. */
export async function keepArtifact(
  folders: JobFolders,
  { name, mediaType, file }: { readonly name: string; readonly mediaType: string; readonly file: string },
  host: string,
): Promise<JobArtifact> {
  if (!NAME.test(name)) throw new Error(`should not happen: an artifact called ${JSON.stringify(name)}`);
  const path = resolve(folders.work, file);
  if (relative(folders.work, path).startsWith('..')) {
    throw new Error(`should not happen: ${path} is not in the work folder`);
  }
  await flush(path);
  const { size } = await stat(path);
  await mkdir(folders.artifacts, { recursive: true });
  await rename(path, join(folders.artifacts, name));
  await flush(folders.artifacts);
  return { name, mediaType, bytes: size, createdAt: new Date().toISOString(), host };
}

/** An artifact that was announced is there after a power cut, too. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
