import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { projectRoot } from '../../activities/custody/project-root.js';
import type { Contender } from './contender.js';

/** Kept between runs: each takes a minute to install. */
const CACHE_FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holdfast', 'bench');
const PROGRAMS = join(projectRoot(), 'bench', 'sources', 'contenders');

/** Those that can be installed here; what cannot is named on standard error and left out. */
export async function installContenders(): Promise<readonly Contender[]> {
  const offers: readonly (readonly [string, () => Promise<Contender>])[] = [
    ['Scrapy', installScrapy],
    ['Crawlee', installCrawlee],
    ['undici', plainUndici],
  ];
  const contenders: Contender[] = [];
  for (const [name, install] of offers) {
    try {
      contenders.push(await install());
    } catch (error) {
      process.stderr.write(`${name} is left out: ${(error as Error).message}\n`);
    }
  }
  return contenders;
}

async function installScrapy(): Promise<Contender> {
  const folder = join(CACHE_FOLDER, 'scrapy');
  const python = join(folder, 'bin', 'python');
  const version = () =>
    execa(python, ['-c', 'import importlib.metadata as m; print(m.version("scrapy"))']).then(
      ({ stdout }) => stdout,
    );
  const installed = await version().catch(async () => {
    await execa('python3', ['-m', 'venv', folder]);
    await execa(python, ['-m', 'pip', 'install', '--quiet', 'scrapy']);
    return await version();
  });
  return { name: `Scrapy ${installed}`, command: [python, join(PROGRAMS, 'scrapy-spider.py')] };
}

async function installCrawlee(): Promise<Contender> {
  const folder = join(CACHE_FOLDER, 'crawlee');
  const manifest = join(folder, 'node_modules', '@crawlee', 'cheerio', 'package.json');
  const version = async () =>
    (JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string }).version;
  const installed = await version().catch(async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"private": true}\n');
    await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '@crawlee/cheerio'], {
      cwd: folder,
    });
    return await version();
  });
  // Node looks for packages from where the program lies.
  const program = join(folder, 'crawlee.mjs');
  await copyFile(join(PROGRAMS, 'crawlee.mjs'), program);
  return { name: `Crawlee ${installed}`, command: [process.execPath, program] };
}

async function plainUndici(): Promise<Contender> {
  const program = fileURLToPath(new URL('./contenders/plain-undici.js', import.meta.url));
  return await Promise.resolve({ name: 'plain undici', command: [process.execPath, program] });
}
