import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseServerFile, serverFilePath, type ServerFile } from '../../core/server-file.js';

/** Where an embedded server keeps what it needs. All absolute. */
export interface ServerFiles {
  readonly database: string;
  readonly log: string;
  /** Held by the server process. */
  readonly serverLock: string;
  /** Held by the process that looks after the server. */
  readonly ownerLock: string;
  /** Tells other commands where the server is. */
  readonly serverFile: string;
}

/** Makes the folders. */
export async function prepareFiles(dataDir: string): Promise<ServerFiles> {
  const folder = join(resolve(dataDir), 'temporal');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    database: join(folder, 'temporal.db'),
    log: join(folder, 'server.log'),
    serverLock: join(folder, 'server.lock'),
    ownerLock: join(folder, 'owner.lock'),
    serverFile: serverFilePath(resolve(dataDir)),
  };
}

/** What is known of the server that was started last; undefined when there is nothing or nothing readable. */
export async function readServerFile(file: string): Promise<ServerFile | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseServerFile(text);
}

/** Written whole or not at all: a reader never sees half of it. */
export async function writeServerFile(file: string, content: ServerFile): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}

export async function removeServerFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
