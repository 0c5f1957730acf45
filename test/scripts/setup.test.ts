// The set-up as people run it, on this machine, where everything is there already.
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { ROOT } from './run-shell.js';

describe('scripts/setup', () => {
  it('does nothing the second time and says what it found', async () => {
    await execa('scripts/setup', ['--no-build'], { cwd: ROOT, stdin: 'ignore' });
    const began = Date.now();
    const { stdout } = await execa('scripts/setup', ['--no-build'], { cwd: ROOT, stdin: 'ignore' });
    const tookMs = Date.now() - began;
    for (const line of stdout.split('\n')) expect(line).toMatch(/^✓ /);
    for (const what of ['Node', 'ffmpeg', 'GStreamer', 'npm packages', 'temporal'])
      expect(stdout).toContain(what);
    // The goal is 2 s on an idle machine; what is caught here is work that is done again.
    expect(tookMs).toBeLessThan(10_000);
  });

  it('refuses an option that it does not know', async () => {
    const { exitCode, stderr } = await execa('scripts/setup', ['--all'], { cwd: ROOT, reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('unknown option: --all');
  });
});
