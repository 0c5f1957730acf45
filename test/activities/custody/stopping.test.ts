// Stops, stalls and what is left behind: every path that ends a process, with processes that do not want to end.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive, type ProcessStat, readProcessStat } from '../../../activities/custody/process-info.js';
import { CHILDREN, commandSpec, CustodyBench, processesWith, progressSpec, until } from './bench.js';

const KEY = 'stream/test/recording/1';

let bench: CustodyBench;
beforeEach(() => {
  bench = new CustodyBench();
});
afterEach(() => bench.tearDown());

describe('stopRun', () => {
  it('lets a well-behaved process end by SIGINT and reports it as stopped to both sides', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(progressSpec([`${CHILDREN}progresses.sh`]), bench.lease());
    await until('it makes progress', () => bench.owner.started.length === 1);
    const end = await custody.stopRun(KEY, 'asked to');
    expect(end).toMatchObject({ outcome: 'stopped', detail: 'asked to', exitCode: 255, exitSignal: null });
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toEqual(end);
  });

  it('goes on to SIGTERM, and to SIGKILL', async () => {
    const custody = await bench.custody();
    const polite = commandSpec([`${CHILDREN}ignores-sigint.sh`], { branch: 'one' });
    const stubborn = commandSpec([`${CHILDREN}ignores-sigterm.sh`], { branch: 'two' });
    await custody.adoptOrStart(polite, bench.lease());
    await custody.adoptOrStart(stubborn, bench.lease());
    // The traps are set by the scripts themselves.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ends = await Promise.all([
      custody.stopRun(polite.runKey, 'test'),
      custody.stopRun(stubborn.runKey, 'test'),
    ]);
    expect(ends.map((end) => end?.exitSignal)).toEqual(['SIGTERM', 'SIGKILL']);
    expect(ends.map((end) => end?.outcome)).toEqual(['stopped', 'stopped']);
  });

  it('answers the same for a run that has ended before, and null for one it never had', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(commandSpec(['false']), bench.lease());
    await until('it is settled', () => bench.owner.ends.length === 1 && custody.snapshot().length === 0);
    expect(await custody.stopRun(KEY, 'late')).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(await custody.stopRun('stream/test/recording/99', 'late')).toBeNull();
  });

  it('stops a run that is still being planned before it has a process', async () => {
    let letPlanGo = (): void => {};
    const beforePlan = (): Promise<void> =>
      new Promise((resolve) => {
        letPlanGo = resolve;
      });
    const custody = await bench.custody({ beforePlan });
    const started = custody.adoptOrStart(commandSpec(['sleep', '600']), bench.lease());
    await until('it is being planned', () => custody.snapshot()[0]?.phase === 'starting');
    const stopped = custody.stopRun(KEY, 'too early');
    letPlanGo();
    await started;
    expect(await stopped).toMatchObject({ outcome: 'stopped', exitCode: null });
  });

  it('waits until the recording is closed, but not for ever', async () => {
    const custody = await bench.custody(
      { watcher: { finalize: () => new Promise(() => {}) } },
      { finalizeWaitMs: 100 },
    );
    await custody.adoptOrStart(commandSpec(['sleep', '600']), bench.lease());
    expect(await custody.stopRun(KEY, 'test')).toMatchObject({ outcome: 'stopped' });
  });
});

describe('a stall', () => {
  it('ends a process that never makes progress', async () => {
    const custody = await bench.custody();
    const spec = progressSpec([`${CHILDREN}never-progresses.sh`], { stallTimeoutMs: 500 });
    await custody.adoptOrStart(spec, bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      outcome: 'failed',
      cause: 'stream_timeout',
      firstProgressAt: null,
      healthyMs: 0,
    });
  });

  it('ends a process that stopped in the middle of a line, and keeps what was complete', async () => {
    const custody = await bench.custody();
    const spec = progressSpec([`${CHILDREN}prints-half-a-line.sh`], { stallTimeoutMs: 500 });
    await custody.adoptOrStart(spec, bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      cause: 'stream_timeout',
      logTail: 'an error without an en',
      progress: { frames: 10, outTimeMs: 400 },
    });
  });

  it('leaves a process alone that makes progress or whose progress cannot be seen', async () => {
    const custody = await bench.custody();
    const busy = progressSpec([`${CHILDREN}progresses.sh`], { stallTimeoutMs: 1_000, branch: 'busy' });
    const silent = commandSpec([`${CHILDREN}never-progresses.sh`], { stallTimeoutMs: 300, branch: 'silent' });
    await custody.adoptOrStart(busy, bench.lease());
    await custody.adoptOrStart(silent, bench.lease());
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(custody.snapshot().map(({ phase }) => phase)).toEqual(['running', 'running']);
  });
});

/** True while a process is still on its way through its locks. */
function isLocking(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'flock';
  } catch {
    return true;
  }
}

describe('what a run leaves behind', () => {
  it.each(['forks-grandchild.sh', 'escapes-by-setsid.sh'])(
    '%s is cleaned up, and a neighbour is not',
    async (script) => {
      const custody = await bench.custody();
      const neighbour = commandSpec(['sleep', '600'], { branch: 'neighbour' });
      await custody.adoptOrStart(neighbour, bench.lease());
      const file = join(bench.dataDir, 'grandchild');
      await custody.adoptOrStart(commandSpec([`${CHILDREN}${script}`, file]), bench.lease());
      await until('the end is reported', () => bench.owner.ends.length === 1);
      expect(bench.owner.ends[0]?.end.exitCode).toBe(4);
      const pid = Number(readFileSync(file, 'utf8'));
      await until('the grandchild is gone', () => readProcessStat(pid) === null);
      expect(custody.snapshot().map(({ runKey }) => runKey)).toEqual([neighbour.runKey]);
    },
  );

  it.each([
    ['in its group', 'forks-grandchild.sh'],
    ['outside of it, with its locks', 'escapes-with-locks.sh'],
  ])('%s does not stand in the way of the next run of the branch', async (_, script) => {
    const custody = await bench.custody();
    const file = join(bench.dataDir, 'grandchild');
    await custody.adoptOrStart(commandSpec([`${CHILDREN}${script}`, file]), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    await custody.adoptOrStart(
      commandSpec(['sh', '-c', 'while :; do sleep 0.1; done', join(bench.dataDir, 'next')], { run: 2 }),
      bench.lease(),
    );
    await until('the grandchild is gone', () => readProcessStat(Number(readFileSync(file, 'utf8'))) === null);
    await until('the next run has its locks', () => {
      const wrapper = processesWith(join(bench.dataDir, 'next')).find((pid) => !isLocking(pid));
      return wrapper !== undefined || bench.owner.ends.length > 1;
    });
    expect(bench.owner.ends).toHaveLength(1);
  });
});

/** Kills the run and makes its directory name a stranger, as if that had been given the number of the wrapper. */
async function becomeRecycled(
  runDir: string,
  leader: number,
): Promise<{ leader: number; bystander: ProcessStat }> {
  process.kill(-leader, 'SIGKILL');
  await until('the run is dead', () => !existsSync(`/proc/${leader}`));
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const bystander = readProcessStat(child.pid ?? 0);
  if (bystander === null) throw new Error('the bystander did not start');
  const line = readFileSync(join(runDir, 'process'), 'utf8');
  // The same number, but another start time: what the kernel makes of a recycled number.
  writeFileSync(join(runDir, 'process'), line.replace(/^\d+/, String(child.pid)));
  return { leader, bystander };
}

describe('identity of a process', () => {
  it('never signals another process that was given the number of ours', async () => {
    const first = await bench.custody();
    await first.adoptOrStart(commandSpec(['sleep', '600']), bench.lease());
    const [before] = first.snapshot();
    await first.close();
    const runDir = join(bench.dataDir, 'runs', encodeURIComponent(KEY));
    const { leader, bystander } = await becomeRecycled(runDir, before?.pid ?? 0);
    const second = await bench.custody();
    await until('it is found dead', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ outcome: 'failed', cause: 'crashed' });
    await second.stopRun(KEY, 'test');
    expect(isAlive(bystander)).toBe(true);
    expect(existsSync(`/proc/${leader}`)).toBe(false);
    process.kill(-bystander.pid, 'SIGKILL');
  });
});

describe('a stop that comes before its run', () => {
  it('keeps a start that was scheduled earlier from starting anything, and no later one', async () => {
    const custody = await bench.custody();
    expect(await custody.stopRun(KEY, 'test', 2_000)).toBeNull();
    const early = await custody.adoptOrStart(commandSpec(['sleep', '600']), bench.lease(), 1_000);
    expect(early).toMatchObject({ kind: 'ended', end: { outcome: 'stopped' } });
    expect(custody.snapshot()).toEqual([]);
    const later = await custody.adoptOrStart(
      commandSpec(['sleep', '600']),
      bench.lease(),
      Date.now() + 1_000,
    );
    expect(later).toEqual({ kind: 'pending' });
    expect(await custody.stopRun(KEY, 'test')).toMatchObject({ outcome: 'stopped' });
  });
});
