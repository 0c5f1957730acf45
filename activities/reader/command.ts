import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Keeps the resident set of a reader small; segments live outside this heap. */
const MEMORY_FLAGS = ['--max-old-space-size=48', '--max-semi-space-size=1'];

/**
 * Builds the command line that reads a source by our own reader.
 * @param specFile Absolute path of a JSON file that holds a `ReaderSpec`.
 * @returns Program and arguments; facts go to fd 5, media to stdout.
 */
export function readerCommand(specFile: string): string[] {
  const program = join(projectRoot(), 'dist', 'activities', 'reader', 'main.js');
  return [process.execPath, ...MEMORY_FLAGS, program, specFile];
}

/** The nearest parent folder with our package.json: the same from sources and from compiled files. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isProjectRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of holdfast was not found above the reader');
    folder = parent;
  }
  return folder;
}

function isProjectRoot(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
  return name === 'holdfast';
}
