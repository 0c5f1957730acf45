/**
 * Goal: each kind of probe tells signal, no signal and "cannot tell" apart, and nothing hangs on it. Method: real files and
 * programs, and a program that speaks like v4l2-ctl, because no HDMI receiver can be had here.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeSignal } from '../../../activities/device/index.js';
import { readProcessStat } from '../../../activities/custody/process-info.js';
import { readProbe } from '../../../activities/device/probe.js';
import { probeSchema, type ProbeConfig } from '../../../core/config/capture-input.js';
import { until } from '../../support/cluster.js';
import { withFakeV4l2 } from './fake-v4l2.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function isGone(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat === null || stat.state === 'Z';
}

const never = new AbortController().signal;

async function ask(config: object, env: Record<string, string | undefined> = process.env) {
  const probe: ProbeConfig = probeSchema.parse(config);
  if (probe.kind === 'none') throw new Error('this one cannot be asked');
  return readProbe(probe, { signal: never, env });
}

async function fileWith(content: string): Promise<string> {
  const path = join(folder, `file-${Math.random().toString(36).slice(2)}`);
  await writeFile(path, content);
  return path;
}

describe('a v4l2 probe', () => {
  it.each([
    ['locked', 'signal', '1920x1080 at 60.00 fps'],
    ['no-link', 'no_signal', 'no link'],
    ['unstable', 'no_signal', 'unstable'],
    ['out-of-range', 'no_signal', 'out of the range'],
    ['no-size', 'no_signal', 'without a size'],
    ['busy', 'unknown', 'Device or resource busy'],
    ['grabber-without-timings', 'unknown', 'Inappropriate ioctl'],
  ])('reads a receiver that is %s as %s', async (state, signal, detail) => {
    const device = await fileWith(`${state}\n`);
    expect(await ask({ kind: 'v4l2', device }, withFakeV4l2())).toEqual({
      signal,
      detail: expect.stringContaining(detail),
    });
  });

  it('cannot tell without the device', async () => {
    const device = join(folder, 'absent');
    expect(await ask({ kind: 'v4l2', device }, withFakeV4l2())).toEqual({
      signal: 'unknown',
      detail: expect.stringContaining('Cannot open device'),
    });
  });

  it('cannot tell without v4l2-ctl', async () => {
    const device = await fileWith('locked\n');
    const tools = await mkdtemp(join(folder, 'bare-'));
    await execa('ln', ['-s', '/usr/bin/timeout', tools]);
    expect(await ask({ kind: 'v4l2', device }, { PATH: tools })).toEqual({
      signal: 'unknown',
      detail: expect.stringContaining('v4l2-ctl is not there'),
    });
  });

  it('cannot tell when the driver hangs', async () => {
    const device = await fileWith('hanging\n');
    const reading = await ask({ kind: 'v4l2', device }, withFakeV4l2());
    expect(reading).toEqual({
      signal: 'unknown',
      detail: expect.stringContaining('did not answer within 2 s'),
    });
  });

  it('gives up at once when nobody waits any more', async () => {
    const device = await fileWith('hanging\n');
    const probe = probeSchema.parse({ kind: 'v4l2', device });
    const startedAtMs = performance.now();
    const answer = await probeSignal(probe, { signal: AbortSignal.timeout(100), env: withFakeV4l2() });
    expect(answer).toBeNull();
    expect(performance.now() - startedAtMs).toBeLessThan(1_500);
  });
});

describe('a sysfs probe', () => {
  it.each([
    ['1\n', '^1$', 'signal'],
    ['0\n', '^1$', 'no_signal'],
    ['state: locked\nmode: 1080p60\n', '^mode: \\d+p', 'signal'],
    ['', 'connected', 'no_signal'],
    ['disconnected\n', '^connected$', 'no_signal'],
  ])('reads %j with the pattern %s as %s', async (content, pattern, signal) => {
    const path = await fileWith(content);
    expect(await ask({ kind: 'sysfs', path, pattern })).toMatchObject({ signal });
  });

  it('cannot tell without the file, or from a folder', async () => {
    const absent = await ask({ kind: 'sysfs', path: join(folder, 'gone'), pattern: '1' });
    expect(absent).toEqual({ signal: 'unknown', detail: expect.stringContaining('ENOENT') });
    const wrong = await ask({ kind: 'sysfs', path: folder, pattern: '1' });
    expect(wrong).toEqual({ signal: 'unknown', detail: expect.stringContaining('EISDIR') });
  });

  it('is not held up by a pipe that nobody writes to', async () => {
    const path = join(folder, 'pipe');
    await execa('mkfifo', [path]);
    expect((await ask({ kind: 'sysfs', path, pattern: '1' })).signal).not.toBe('signal');
  });

  it('is refused with a pattern that is none', () => {
    expect(probeSchema.safeParse({ kind: 'sysfs', path: '/x', pattern: '(' }).success).toBe(false);
  });
});

describe('a command probe', () => {
  const shell = (script: string, more: object = {}) => ({
    kind: 'command',
    argv: ['sh', '-c', script],
    ...more,
  });

  it.each([
    ['exit 0', 'signal'],
    ['exit 1', 'no_signal'],
    ['exit 100', 'no_signal'],
    ['kill -KILL $$', 'unknown'],
    ['kill -SEGV $$', 'unknown'],
    ['no-such-program-anywhere', 'unknown'],
  ])('reads %j as %s', async (script, signal) => {
    expect(await ask(shell(script))).toMatchObject({ signal });
  });

  it('cannot tell when the program is not there', async () => {
    const reading = await ask({ kind: 'command', argv: ['/no/such/program'] });
    expect(reading).toEqual({
      signal: 'unknown',
      detail: expect.stringContaining('/no/such/program is not there'),
    });
  });

  it('cannot tell when a secret is missing, and passes it on when it is there', async () => {
    const config = { kind: 'command', argv: ['test', '${env:HOLDFAST_PROBE_KEY}', '=', 'sesame'] };
    expect(await ask(config)).toMatchObject({ signal: 'unknown' });
    expect(await ask(config, { ...process.env, HOLDFAST_PROBE_KEY: 'sesame' })).toMatchObject({
      signal: 'signal',
    });
  });

  it('cannot tell when the program takes too long, and leaves nothing of it behind', async () => {
    const pids = join(folder, 'pids');
    const script = `trap '' TERM; sleep 300 & echo $! $$ > ${pids}; wait; sleep 300`;
    const reading = await ask(shell(script, { timeout: '300ms' }));
    expect(reading).toEqual({ signal: 'unknown', detail: expect.stringContaining('within 0.3 s') });
    const started = (await readFile(pids, 'utf8')).trim().split(' ');
    expect(started).toHaveLength(2);
    await until(() => started.every((pid) => isGone(Number(pid))), 5_000, 'the program and its child to end');
  });
});
