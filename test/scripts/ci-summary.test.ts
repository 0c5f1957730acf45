// Continuous integration reads the number of tests from the last line of its run.
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { ROOT } from './run-shell.js';

async function summaryOf(log: string, status: number): Promise<string> {
  const { stdout } = await execa('.ci/summary', [String(status)], { cwd: ROOT, input: log });
  return stdout;
}

describe('the summary line', () => {
  it('counts what passed, failed and was skipped', async () => {
    const log = 'noise\nTests:       2 failed, 1 skipped, 10 passed, 13 total\nTime: 3 s\n';
    expect(await summaryOf(log, 1)).toBe('10 passed, 2 failed, 1 skipped');
  });

  it('reads a run without failures, in colours too', async () => {
    const log = '\u001B[1mTests: \u001B[22m      \u001B[32m10 passed\u001B[39m, 10 total\n';
    expect(await summaryOf(log, 0)).toBe('10 passed, 0 failed, 0 skipped');
  });

  it('adds what each lane of the tests counted', async () => {
    const log = 'Tests:       10 passed, 10 total\nPASS system\nTests:       1 failed, 3 passed, 4 total\n';
    expect(await summaryOf(log, 1)).toBe('13 passed, 1 failed, 0 skipped');
  });

  it('counts one failure when no test could run', async () => {
    expect(await summaryOf('the build failed\n', 2)).toBe('0 passed, 1 failed, 0 skipped');
  });
});
