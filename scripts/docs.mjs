#!/usr/bin/env node
// Writes the pages of docs/ that follow from the code: configuration.md and failures.md.
// With --check it writes nothing and exits with 1 when a page is out of date. Needs a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = process.env.HOLDFAST_DIST ?? `${root}dist`;
const { renderConfigurationPage, renderFailuresPage } = await import(`${dist}/core/docs/index.js`);

const pages = {
  'docs/configuration.md': renderConfigurationPage(),
  'docs/failures.md': renderFailuresPage(),
};

let stale = 0;
for (const [path, content] of Object.entries(pages)) {
  if (read(`${root}${path}`) === content) continue;
  if (process.argv.includes('--check')) {
    stale += 1;
    process.stderr.write(`${path} is out of date: run npm run docs\n`);
  } else {
    writeFileSync(`${root}${path}`, content);
    process.stdout.write(`wrote ${path}\n`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
