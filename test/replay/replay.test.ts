// Goal: code that is changed still understands the workflows that are running. Method: histories recorded from real
// workflows of each release are replayed with the code as it is; a difference in its decisions fails.
import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

interface Replay {
  readonly name: string;
  readonly replayed: boolean;
  readonly error?: string;
}

const program = fileURLToPath(new URL('./replay.mjs', import.meta.url));
const recorded = readdirSync(fileURLToPath(new URL('./histories/', import.meta.url)));

describe('recorded histories', () => {
  it('exist for every path of the loop', () => {
    for (const path of ['healthy', 'losses', 'messages', 'not-live', 'next-show', 'finalized', 'failed']) {
      expect(recorded.filter((name) => name.endsWith(`-stream-${path}.json`)).length).toBeGreaterThan(0);
    }
    for (const path of ['healthy', 'losses', 'signal', 'storage', 'changes', 'host-lost', 'failed']) {
      expect(recorded.filter((name) => name.endsWith(`-capture-${path}.json`)).length).toBeGreaterThan(0);
    }
    for (const path of [
      'healthy',
      'breaker',
      'messages',
      'changes',
      'deferred',
      'fetcher-lost',
      'failed',
      'continued',
      'continued-2',
    ]) {
      expect(recorded.filter((name) => name.includes(`-source-${path}.json`)).length).toBeGreaterThan(0);
    }
    for (const path of [
      'completed',
      'finalized',
      'retried',
      'failed',
      'cancelled',
      'invalid',
      'host-lost',
      'continued',
      'continued-2',
    ]) {
      expect(recorded.filter((name) => name.includes(`-job-${path}.json`)).length).toBeGreaterThan(0);
    }
  });

  it('replay with the code as it is', async () => {
    const { stdout } = await execa(process.execPath, [program], { env: { NODE_OPTIONS: '' } });
    const replays = stdout.split('\n').map((line) => JSON.parse(line) as Replay);
    expect(replays.filter(({ replayed }) => !replayed)).toEqual([]);
    expect(replays.map(({ name }) => name).sort()).toEqual(recorded.filter((name) => /\.json(\.gz)?$/.test(name)).sort());
  }, 240_000);
});
