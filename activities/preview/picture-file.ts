import { mkdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { escapeName } from '../custody/escape-name.js';

/** A picture and when it was taken. */
export interface KeptPicture {
  readonly jpeg: Buffer;
  readonly takenAtMs: number;
}

/** Where the last picture of an instance is kept: `<data_dir>/previews/<kind>/<name>.jpg`. */
export function pictureFile(dataDir: string, instance: string): string {
  const [kind = '', ...name] = instance.split('/');
  return join(dataDir, 'previews', escapeName(kind), `${escapeName(name.join('/'))}.jpg`);
}

/** The last picture, or null when there is none that can be read. */
export async function readPicture(path: string): Promise<KeptPicture | null> {
  try {
    const [jpeg, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
    // File systems keep other parts of a second than the millisecond that was set.
    return { jpeg, takenAtMs: Math.round(mtimeMs) };
  } catch {
    return null;
  }
}

/** Replaces the last picture, so that nobody ever sees half of one. */
export async function keepPicture(path: string, { jpeg, takenAtMs }: KeptPicture): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.part`;
  await writeFile(draft, jpeg);
  const takenAt = new Date(takenAtMs);
  await utimes(draft, takenAt, takenAt);
  await rename(draft, path);
}
