import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModules } from './module-graph.js';

/** A file of the page as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
  readonly etag: string;
}

const FOLDER = 'client/gateway/dashboard';
const ENTRY = `${FOLDER}/main.js`;
const SCRIPT = 'text/javascript; charset=utf-8';

/** Files beside the modules, by the path under which they are served. */
const ASSETS = [
  { path: '/', name: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/dashboard/style.css', name: 'style.css', type: 'text/css; charset=utf-8' },
  { path: '/dashboard/icon.svg', name: 'icon.svg', type: 'image/svg+xml' },
] as const;

/** Every file of the page by its path. Read once: they change only with the program. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const root = compiledFolder();
  const [modules, ...assets] = await Promise.all([
    readModules(root, ENTRY),
    ...ASSETS.map(({ name }) => readFile(join(root, FOLDER, name), 'utf8')),
  ]);
  const files = new Map<string, PageFile>();
  for (const [path, text] of modules) files.set(path, pageFile(text, SCRIPT));
  ASSETS.forEach(({ path, type }, index) => files.set(path, pageFile(assets[index] ?? '', type)));
  return files;
}

function pageFile(text: string, type: string): PageFile {
  const digest = createHash('sha256').update(text).digest('base64url');
  return { text, type, etag: `"${digest.slice(0, 32)}"` };
}

/** The folder of compiled files: the one this file lies in, or the one beside the sources. */
function compiledFolder(): string {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  return existsSync(join(root, ENTRY)) ? root : join(root, 'dist');
}
