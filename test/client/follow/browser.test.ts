/** Goal: the client library runs in a browser as it is. Method: every module that it loads is read for what it loads itself. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The modules that a module loads; types are erased. */
function loadedBy(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from\s'([^']+)'/gm)].map(
    ([, target = '']) => target,
  );
}

describe('following a job', () => {
  it('loads nothing but its own modules and the parser of streams', () => {
    const files = ['client/follow/index.ts'];
    const foreign = new Set<string>();
    for (const file of files) {
      for (const target of loadedBy(file)) {
        const path = relative(root, join(root, dirname(file), target)).replace(/\.js$/, '.ts');
        if (!target.startsWith('.')) foreign.add(target);
        else if (!files.includes(path)) files.push(path);
      }
    }
    expect([...foreign]).toEqual(['eventsource-parser']);
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter((file) => !file.startsWith('client/follow/'))).toEqual(['core/jobs/events.ts']);
  });

  it('uses no global of Node', () => {
    const sources = [
      'follow-job',
      'message-stream',
      'lookup',
      'requests',
      'sleep',
      'addresses',
      'stream-errors',
    ];
    for (const name of sources) {
      expect(readFileSync(join(root, `client/follow/${name}.ts`), 'utf8')).not.toMatch(
        /\b(?:process|Buffer|NodeJS)\b/,
      );
    }
  });
});
