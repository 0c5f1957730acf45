import { execFileSync } from 'node:child_process';
import { it } from '@jest/globals';

/** Mounting a file system of one's own takes root. */
export const MAY_MOUNT = process.getuid?.() === 0;

/** The only test of a file whose tests mount: the whole file, run by the root of a user namespace of its own. */
export function itMountsInANamespace(testFile: string, timeoutMs: number): void {
  it(
    'is tried in a user namespace of its own, where mounting is allowed',
    () => {
      const jest = ['node_modules/jest/bin/jest.js', testFile];
      const node = [process.execPath, '--experimental-vm-modules', ...jest];
      execFileSync('unshare', ['--map-root-user', '--mount', ...node], { stdio: 'pipe' });
    },
    timeoutMs,
  );
}
