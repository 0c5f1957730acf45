// The arrows between the folders point one way, and workflow code stays deterministic: both are rules of the design that
// no compiler checks.
import { describe, expect, it } from '@jest/globals';
import { dirname, join, normalize } from 'node:path';
import { read, sourceFiles } from './repository.js';

const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  workflows: ['core'],
  store: ['core'],
  activities: ['core', 'store'],
  workers: ['core', 'store', 'activities', 'workflows'],
  client: ['core', 'store'],
  bench: ['core', 'store', 'activities', 'workflows', 'workers', 'client', 'test'],
};

/** Commands that start processes of ours load the workers when they are used, and only then. */
const LAZY_EXCEPTIONS: Record<string, readonly string[]> = { client: ['workers'] };

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|(\bimport\s*\(\s*'([^']+)'\s*\))/g;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly lazy: boolean;
}

function importsOf(file: string): Import[] {
  return [...read(file).matchAll(IMPORT)].map((match) => ({
    file,
    target: match[1] ?? match[2] ?? match[4] ?? '',
    // A type is erased: it loads nothing.
    lazy: match[3] !== undefined || /^\s*import\s+type\s/.test(match[0]),
  }));
}

const imports = sourceFiles().flatMap(importsOf);

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

describe('import directions', () => {
  it('sees the imports of the sources', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets each folder import only what the design allows', () => {
    const wrong = imports.filter(({ file, target, lazy }) => {
      if (!target.startsWith('.')) return false;
      const from = folderOf(file);
      const to = folderOf(normalize(join(dirname(file), target)));
      if (to === from) return false;
      return !(MAY_IMPORT[from] ?? []).includes(to) && !(lazy && (LAZY_EXCEPTIONS[from] ?? []).includes(to));
    });
    expect(wrong).toEqual([]);
  });

  it('keeps node, execa and the client out of workflow code and of the core it runs', () => {
    const allowed = /^(\.|@temporalio\/(workflow|common)$|zod$)/;
    const wrong = imports.filter(
      ({ file, target }) => folderOf(file) === 'workflows' && !allowed.test(target),
    );
    expect(wrong).toEqual([]);
    const impureCore = imports.filter(
      ({ file, target }) =>
        folderOf(file) === 'core' && /^(node:|execa|@temporalio\/(?!common))/.test(target),
    );
    expect(impureCore).toEqual([]);
  });
});
