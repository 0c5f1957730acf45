/** Goal: the live view redraws in place in a real terminal and gives it back. Method: tmux plays the terminal. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { createHoldfast } from '../../../client/index.js';
import { cliCommand } from '../../support/run-cli.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
let folder: string;

beforeAll(async () => {
  tiny = await startTinyInstances();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-screen-'));
  const names = ['north', 'south'];
  await createHoldfast({ client: tiny.client }).apply(
    names.map((name) => ({ kind: 'stream', name, config: { id: name } })),
  );
});
afterAll(async () => {
  await tmux('kill-server').catch(() => undefined);
  await tiny?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A tmux server of our own, apart from anybody's terminal. */
async function tmux(...args: string[]): Promise<string> {
  const { stdout } = await execa('tmux', ['-S', join(folder, 'tmux.sock'), '-f', '/dev/null', ...args]);
  return stdout;
}

async function untilScreen(wanted: RegExp): Promise<string> {
  const endMs = Date.now() + 20_000;
  for (;;) {
    const screen = await tmux('capture-pane', '-p', '-t', 'view');
    if (wanted.test(screen)) return screen;
    if (Date.now() > endMs) throw new Error(`the screen never showed ${String(wanted)}:\n${screen}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('watch in a terminal', () => {
  it('follows states and sizes in place, and leaves the terminal as it was on Ctrl-C', async () => {
    const words = cliCommand(['watch', '--address', tiny.address]).map(
      (word) => `'${word.replaceAll("'", `'\\''`)}'`,
    );
    await tmux('new-session', '-d', '-s', 'view', '-x', '110', '-y', '20', 'bash', '--norc', '--noprofile');
    await tmux(
      'send-keys',
      '-t',
      'view',
      `cd ${folder}; echo before; ${words.join(' ')}; echo "status $?"`,
      'Enter',
    );
    const first = await untilScreen(/2 instances: 2 running[\s\S]*stream\/north +running .*25 +5\.9 Mbit\/s/);
    expect(first).not.toContain('before');
    await createHoldfast({ client: tiny.client }).pause('north');
    const second = await untilScreen(/stream\/north +paused/);
    // In place: one table, not two.
    expect(second.match(/^ID +STATE/gm)).toHaveLength(1);
    await tmux('resize-window', '-t', 'view', '-x', '60', '-y', '12');
    const narrow = await untilScreen(/^ID +STATE(?!.*HOST)/m);
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    await tmux('send-keys', '-t', 'view', 'C-c');
    const after = await untilScreen(/status 0/);
    expect(after).toContain('before');
    expect(after).not.toMatch(/^ID +STATE/m);
  });
});
