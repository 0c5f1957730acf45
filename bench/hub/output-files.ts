import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Media files of a folder in the order of their names; none when there is no folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}

/** Every folder holds some media. */
export async function hasGrown(folders: readonly string[]): Promise<boolean> {
  const sizes = await Promise.all(
    folders.map(async (folder) => {
      const [first] = await filesIn(folder);
      return first === undefined ? 0 : (await stat(first)).size;
    }),
  );
  return sizes.every((size) => size > 0);
}
