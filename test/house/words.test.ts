// What must not be found in a file that others read: unfinished marks, lone or skipped tests, paths of one machine.
import { describe, expect, it } from '@jest/globals';
import { read, repositoryFiles } from './repository.js';

const texts = repositoryFiles()
  .filter((path) => /\.(ts|mjs|sh|md|ya?ml|json)$/.test(path) || !/\.[a-z0-9]+$/i.test(path))
  .filter((path) => path !== 'package-lock.json' && !/fixtures|replay\//.test(path))
  .filter((path) => !path.startsWith('test/house/'));

function filesWith(pattern: RegExp, among: readonly string[] = texts): string[] {
  return among.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

describe('words', () => {
  it('reads the repository', () => {
    expect(texts.length).toBeGreaterThan(50);
  });

  it('leaves no unfinished mark in the sources', () => {
    expect(filesWith(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  it('runs every test, none alone and none skipped', () => {
    const tests = texts.filter((path) => path.endsWith('.test.ts'));
    expect(filesWith(/\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/, tests)).toEqual([]);
  });

  it('names no folder of one machine', () => {
    expect(filesWith(/\/root\/|\/home\/[a-z]+\/(?!\.)|\/tmp\/[a-z]+[a-z0-9-]*\//)).toEqual([]);
  });
});
