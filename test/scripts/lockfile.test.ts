// `npm ci` refuses a lockfile that leaves out packages for other platforms, and a mirror that offers only this
// platform's makes `npm install` write such a lockfile. scripts/complete-lockfile.mjs adds them.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { ROOT } from './run-shell.js';

interface Lock {
  packages: Record<string, { optionalDependencies?: Record<string, string>; os?: string[]; cpu?: string[] }>;
}

async function complete(file: string): Promise<string> {
  const { stdout } = await execa(process.execPath, [`${ROOT}scripts/complete-lockfile.mjs`, file]);
  return stdout;
}

async function withCopy(use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
  try {
    const file = join(folder, 'package-lock.json');
    copyFileSync(`${ROOT}package-lock.json`, file);
    await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('package-lock.json', () => {
  it('names the packages of all platforms', async () => {
    await withCopy(async (file) => {
      expect(await complete(file)).toBe('0 platform packages added');
    });
  });

  it('is completed with system and processor of each package that is missing', async () => {
    await withCopy(async (file) => {
      const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
      const before = structuredClone(lock.packages);
      for (const name of ['@swc/core-darwin-arm64', '@swc/core-linux-arm64-musl']) {
        delete lock.packages[`node_modules/${name}`];
      }
      writeFileSync(file, JSON.stringify(lock));
      expect(await complete(file)).toBe('2 platform packages added');
      const after = (JSON.parse(readFileSync(file, 'utf8')) as Lock).packages;
      expect(Object.keys(after)).toEqual(Object.keys(before).sort());
      expect(after['node_modules/@swc/core-darwin-arm64']).toMatchObject({ os: ['darwin'], cpu: ['arm64'] });
      expect(after['node_modules/@swc/core-linux-arm64-musl']).toMatchObject({
        os: ['linux'],
        cpu: ['arm64'],
      });
    });
  });
});
