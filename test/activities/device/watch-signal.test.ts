/**
 * Goal: a watch answers once the probe has said the same for long enough, not sooner, and ends when it is told to.
 * Method: the activity in an environment of the SDK, over real files and the program that speaks like v4l2-ctl.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWatchSignal } from '../../../activities/device/index.js';
import type { HostActivities, WatchSignalInput, WatchSignalResult } from '../../../core/activity-contract.js';
import { probeSchema } from '../../../core/config/capture-input.js';
import { processesOf, until } from '../../support/cluster.js';
import { withFakeV4l2 } from './fake-v4l2.js';

let folder: string;
let counter = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-watch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Watch {
  readonly answer: Promise<WatchSignalResult>;
  readonly environment: MockActivityEnvironment;
  readonly heartbeats: () => number;
  readonly warnings: object[];
}

function watch(
  config: object,
  until_: WatchSignalInput['until'],
  env: Record<string, string | undefined> = process.env,
): Watch {
  const probe = probeSchema.parse(config);
  if (probe.kind === 'none') throw new Error('nothing to watch');
  const warnings: object[] = [];
  const logger = { debug: () => undefined, warn: (facts: object) => void warnings.push(facts) };
  const environment = new MockActivityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const input = { instance: 'capture/studio', probe, until: until_ };
  const answer = environment.run<[WatchSignalInput], WatchSignalResult, HostActivities['watchSignal']>(
    createWatchSignal({ logger, env }),
    input,
  );
  answer.catch(() => undefined);
  return { answer, environment, heartbeats: () => beats, warnings };
}

/** A file of a driver; write to it to flip it. */
async function sysfs(content: string, more: object = {}) {
  counter += 1;
  const path = join(folder, `state-${counter}`);
  await writeFile(path, content);
  return { path, config: { kind: 'sysfs', path, pattern: '^1$', ...more } };
}

async function stillWatching({ answer }: Watch, forMs: number): Promise<boolean> {
  const quiet = new Promise<string>((resolve) => setTimeout(() => resolve('quiet'), forMs));
  return (await Promise.race([answer, quiet])) === 'quiet';
}

describe('a watch for the loss of the signal', () => {
  it('answers soon after 2 s by default, not before, and says since when', async () => {
    const { path, config } = await sysfs('1\n');
    const watching = watch(config, 'loss');
    expect(await stillWatching(watching, 600)).toBe(true);
    const flippedAtMs = Date.now();
    await writeFile(path, '0\n');
    const answer = await watching.answer;
    const tookMs = Date.now() - flippedAtMs;
    expect(tookMs).toBeGreaterThanOrEqual(1_990);
    // 2.2 s at most where nothing else is going on.
    expect(tookMs).toBeLessThan(3_500);
    expect(answer.detail).toContain('says "0"');
    expect(Date.parse(answer.since) - flippedAtMs).toBeLessThan(1_500);
    expect(watching.heartbeats()).toBeGreaterThanOrEqual(3);
  });

  it('does not answer while the signal flaps', async () => {
    const { path, config } = await sysfs('1\n', { debounce: '1500ms', interval: '100ms' });
    const watching = watch(config, 'loss');
    for (let n = 0; n < 10; n += 1) {
      await writeFile(path, n % 2 === 0 ? '0\n' : '1\n');
      expect(await stillWatching(watching, 220)).toBe(true);
    }
    await writeFile(path, '0\n');
    expect((await watching.answer).detail).toContain('"0"');
  });

  it('does not answer because the probe cannot tell, and says so once', async () => {
    const { path, config } = await sysfs('1\n', { debounce: '200ms', interval: '100ms' });
    const watching = watch(config, 'loss');
    await rm(path);
    expect(await stillWatching(watching, 1_200)).toBe(true);
    expect(watching.warnings).toEqual([
      { instance: 'capture/studio', probe: 'sysfs', detail: expect.stringContaining('ENOENT') },
    ]);
    await writeFile(path, '0\n');
    expect((await watching.answer).detail).toContain('"0"');
  });

  it('ends at once when it is cancelled, also while a program is asked', async () => {
    const argv = ['sh', '-c', `trap '' TERM; echo asked > ${folder}/asked; sleep 300`];
    const watching = watch({ kind: 'command', argv, timeout: '60s' }, 'loss');
    await until(() => readFile(`${folder}/asked`).then(Boolean, () => false), 10_000, 'the program');
    const cancelledAtMs = performance.now();
    watching.environment.cancel('CANCELLED');
    await expect(watching.answer).rejects.toThrow(CancelledFailure);
    expect(performance.now() - cancelledAtMs).toBeLessThan(1_000);
    await until(
      async () => (await processesOf(folder, /sleep|sh/)).length === 0,
      10_000,
      'the program to end',
    );
  });
});

describe('a watch for the return of the signal', () => {
  it('answers when the signal has been there for the time to hold', async () => {
    const { path, config } = await sysfs('0\n', { stable: '800ms' });
    const watching = watch(config, 'return');
    expect(await stillWatching(watching, 400)).toBe(true);
    await writeFile(path, '1\n');
    const returnedAtMs = Date.now();
    expect(await stillWatching(watching, 300)).toBe(true);
    await writeFile(path, '0\n');
    expect(await stillWatching(watching, 900)).toBe(true);
    await writeFile(path, '1\n');
    expect((await watching.answer).detail).toContain('"1"');
    expect(Date.now() - returnedAtMs).toBeGreaterThanOrEqual(1_990);
  });
});

describe('a watch over v4l2', () => {
  async function device(state: string) {
    counter += 1;
    const path = join(folder, `video-${counter}`);
    const log = `${path}.log`;
    await writeFile(path, `${state}\n`);
    await writeFile(log, '');
    const calls = async (action: string) =>
      (await readFile(log, 'utf8')).split('\n').filter((line) => line.startsWith(action)).length;
    return { path, calls, env: withFakeV4l2({ FAKE_V4L2_LOG: log }) };
  }

  it('looks at once when the driver tells of a change, long before the next question is due', async () => {
    const { path, calls, env } = await device('locked');
    const config = { kind: 'v4l2', device: path, interval: '60s', debounce: '100ms' };
    const watching = watch(config, 'loss', env);
    await until(
      async () => (await calls('wait')) === 1 && (await calls('query')) === 1,
      10_000,
      'the listener',
    );
    expect(await stillWatching(watching, 500)).toBe(true);
    await writeFile(path, 'no-link\n');
    expect((await watching.answer).detail).toContain('no link');
    await until(async () => (await processesOf(path)).length === 0, 10_000, 'the listener to end');
  });

  it('asks a driver without events once for them, and goes on asking for the signal', async () => {
    const { path, calls, env } = await device('locked no-events');
    const watching = watch({ kind: 'v4l2', device: path, interval: '100ms', debounce: '100ms' }, 'loss', env);
    await until(async () => (await calls('query')) >= 5, 10_000, 'five questions');
    expect(await calls('wait')).toBe(1);
    await writeFile(path, 'unstable no-events\n');
    expect((await watching.answer).detail).toContain('unstable');
  });

  it('does not spin over a device that is not there', async () => {
    const { path, calls, env } = await device('locked');
    await rm(path);
    const watching = watch({ kind: 'v4l2', device: path, interval: '200ms' }, 'loss', env);
    expect(await stillWatching(watching, 1_500)).toBe(true);
    expect(await calls('wait')).toBe(1);
    expect(await calls('query')).toBeLessThanOrEqual(8);
    expect(watching.warnings).toHaveLength(1);
    watching.environment.cancel('CANCELLED');
    await expect(watching.answer).rejects.toThrow(CancelledFailure);
  });
});
