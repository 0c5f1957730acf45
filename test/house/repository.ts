import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that hold the product's sources. */
export const SOURCE_FOLDERS = [
  'core',
  'workflows',
  'activities',
  'workers',
  'client',
  'store',
  'bench',
] as const;

/** Paths, relative to the root, of all files that git tracks or would track. */
export function repositoryFiles(): string[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  const deleted = execFileSync('git', ['ls-files', '--deleted', '-z'], { cwd: root, encoding: 'utf8' });
  const gone = new Set(deleted.split('\0'));
  return [...new Set(listing.split('\0'))].filter((path) => path !== '' && !gone.has(path)).sort();
}

export function sourceFiles(): string[] {
  return repositoryFiles().filter(
    (path) => path.endsWith('.ts') && SOURCE_FOLDERS.some((folder) => path.startsWith(`${folder}/`)),
  );
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
