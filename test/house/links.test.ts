// A newcomer follows links: each one in the documents must lead somewhere.
import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { read, repositoryFiles, root } from './repository.js';

const LINK = /!?\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const documents = repositoryFiles().filter((path) => path.endsWith('.md') && !path.includes('fixtures/'));

/** The anchor that a heading gets on the usual code hosts. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): Set<string> {
  return new Set([...read(path).matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));
}

function brokenLinks(path: string): string[] {
  return [...read(path).matchAll(LINK)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    })
    .map((link) => `${path}: ${link}`);
}

describe('links', () => {
  it('finds documents with links', () => {
    expect(documents).toContain('README.md');
    expect(documents.some((path) => LINK.test(read(path)))).toBe(true);
  });

  it('lead to files and headings that exist', () => {
    expect(documents.flatMap(brokenLinks)).toEqual([]);
  });
});
