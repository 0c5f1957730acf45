import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../activities/custody/project-root.js';

/** Version of holdfast, from its package.json. */
export function holdfastVersion(): string {
  const manifest = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
