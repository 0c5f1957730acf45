// A run from start to report, with real processes and a workflow server in memory.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PlanError } from '../../../activities/custody/handler.js';
import { CHILDREN, commandSpec, CustodyBench, processesWith, progressSpec, until } from './bench.js';

let bench: CustodyBench;
beforeEach(() => {
  bench = new CustodyBench();
});
afterEach(() => bench.tearDown());

describe('the life of a run', () => {
  it('reports exit status, log tail and cause of a process that exits at once', async () => {
    const custody = await bench.custody();
    const lease = bench.lease();
    await custody.adoptOrStart(commandSpec([`${CHILDREN}exits-at-once.sh`, '7']), lease);
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.token).toBe(lease.token);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      runKey: 'stream/test/recording/1',
      outcome: 'failed',
      cause: 'unknown',
      exitCode: 7,
      exitSignal: null,
      logTail: 'cannot do this',
    });
  });

  it('passes every argument as it is, however it looks to a shell', async () => {
    const custody = await bench.custody();
    const words = ["it's", 'a "word"', '$HOME `id` $(id)', '*', '-n', 'two\nlines', '', 'a=b', '\\'];
    const script = 'for word; do printf "<%s>" "$word" >&2; done; exit 1';
    await custody.adoptOrStart(commandSpec(['sh', '-c', script, 'sh', ...words]), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end.logTail).toBe(words.map((word) => `<${word}>`).join(''));
  });

  it('never takes a program for a shell builtin', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(commandSpec(['exit', '0']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      cause: 'invalid_pipeline',
      detail: 'ENOENT',
      exitCode: 127,
    });
  });

  it('connects two stages and reports the status of the last', async () => {
    const stages = [
      { argv: ['sh', '-c', 'echo from the first; echo reader >&5'] },
      { argv: ['sh', '-c', 'cat >&2; echo progress >&3; echo event >&4; exit 9'] },
    ];
    const custody = await bench.custody({ plan: { stages } });
    await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ exitCode: 9, logTail: 'from the first' });
    const runDir = join(bench.dataDir, 'runs', encodeURIComponent('stream/test/recording/1'));
    expect(readFileSync(join(runDir, 'reader.log'), 'utf8')).toBe('reader\n');
    expect(readFileSync(join(runDir, 'progress.log'), 'utf8')).toBe('progress\n');
    expect(readFileSync(join(runDir, 'events.log'), 'utf8')).toBe('event\n');
    expect(statSync(runDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(runDir, 'plan.json')).mode & 0o777).toBe(0o600);
  });

  it('asks a first stage to end as soon as the last one has', async () => {
    // The last stage ends only when the first is there: a shell that has not begun yet has no status to write.
    const stages = [
      { argv: ['sh', '-c', 'echo up; exec sleep 600'] },
      { argv: ['sh', '-c', 'read -r up; exit 9'] },
    ];
    const custody = await bench.custody({ plan: { stages } });
    await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end.exitCode).toBe(9);
    const runDir = join(bench.dataDir, 'runs', encodeURIComponent('stream/test/recording/1'));
    // 128 + SIGTERM: neither the ladder's SIGINT nor SIGKILL was needed.
    expect(readFileSync(join(runDir, 'exit.first'), 'utf8').trim()).toBe('143 end');
  });

  it('ends a first stage that goes on after the last one has crashed', async () => {
    const stages = [
      { argv: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done', bench.dataDir] },
      { argv: ['sh', '-c', 'kill -SEGV $$'] },
    ];
    const custody = await bench.custody({ plan: { stages } });
    await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ exitSignal: 'SIGSEGV', cause: 'crashed' });
    await until('no stage is left', () => processesWith(bench.dataDir).length === 0);
  });

  it('names the signal that killed the last stage, and the first when only that was killed', async () => {
    const stages = [{ argv: ['sh', '-c', 'kill -KILL $$'] }, { argv: ['cat'] }];
    const custody = await bench.custody({ plan: { stages } });
    await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ exitCode: null, exitSignal: 'SIGKILL' });
  });

  it('gives the process a clean environment', async () => {
    process.env['HOLDFAST_TEST_LEAK'] = 'leaked';
    const script = 'env >&2; umask >&2; exit 1';
    const custody = await bench.custody({
      plan: { stages: [{ argv: ['sh', '-c', script], env: { KEY: 'a value' } }] },
    });
    await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    delete process.env['HOLDFAST_TEST_LEAK'];
    const tail = bench.owner.ends[0]?.end.logTail ?? '';
    const names = tail.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
    // PWD, OLDPWD, SHLVL and _ are a shell's own.
    const own = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    expect(names.filter((name) => !own.includes(name)).toSorted()).toEqual(
      ['HOLDFAST_RUN', 'HOME', 'KEY', 'LANG', 'PATH', 'TZ'].filter(
        (name) => name !== 'HOME' || process.env[name],
      ),
    );
    expect(tail).toContain('KEY=a value');
    expect(tail).toContain('0027');
  });

  it('says what is wrong with a plan that cannot run', async () => {
    const stages = [
      { argv: ['true'], env: { KEY: 'one' } },
      { argv: ['true'], env: { KEY: 'two' } },
    ];
    const torn = await bench.custody({ plan: { stages } });
    await torn.adoptOrStart(commandSpec(['unused']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    await torn.close();
    const lost = await bench.custody({ plan: { cwd: join(bench.dataDir, 'nowhere') } });
    await lost.adoptOrStart(commandSpec(['true'], { run: 2 }), bench.lease());
    await until('both ends are reported', () => bench.owner.ends.length === 2);
    const details = bench.owner.ends.map(({ end }) => end.detail);
    expect(details[0]).toBe('the stages disagree about the variable KEY');
    expect(details[1]).toContain('nowhere does not exist');
  });

  it('reports a plan error through the same path, with the cause of its evidence', async () => {
    const custody = await bench.custody({
      beforePlan: async () => {
        throw new PlanError('no such program', { spawnErrorCode: 'ENOENT' });
      },
    });
    const outcome = await custody.adoptOrStart(commandSpec(['unused']), bench.lease());
    expect(outcome).toEqual({ kind: 'pending' });
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ outcome: 'failed', cause: 'invalid_pipeline' });
  });

  it('says that the show is over, or that the codec changed, when the watcher knows', async () => {
    const ended = await bench.custody({ watcher: { collectEvidence: async () => ({ sourceEnded: true }) } });
    await ended.adoptOrStart(commandSpec(['true']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    await ended.close();
    const cut = await bench.custody({ watcher: { collectEvidence: async () => ({ codecChanged: true }) } });
    await cut.adoptOrStart(commandSpec(['true'], { run: 2 }), bench.lease());
    await until('both ends are reported', () => bench.owner.ends.length === 2);
    expect(bench.owner.ends.map(({ end }) => end.outcome)).toEqual(['ended', 'cut']);
  });

  it('reports an end while the recording is still being closed', async () => {
    let finalizations = 0;
    const never = new Promise<void>(() => {});
    const finalize = async (): Promise<void> => {
      finalizations += 1;
      await never;
    };
    const custody = await bench.custody({ watcher: { finalize } });
    await custody.adoptOrStart(commandSpec(['false']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(finalizations).toBe(1);
    expect(custody.snapshot()).toHaveLength(1);
  });

  it('goes on without evidence when a handler takes too long or throws', async () => {
    const slow = await bench.custody(
      { watcher: { collectEvidence: () => new Promise(() => {}) } },
      { evidenceTimeoutMs: 50 },
    );
    await slow.adoptOrStart(commandSpec(['false']), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end.exitCode).toBe(1);
  });

  it('repeats the report until the server has taken it', async () => {
    const custody = await bench.custody();
    bench.owner.reachable = false;
    await custody.adoptOrStart(commandSpec(['false']), bench.lease());
    await until('the process has ended', () => custody.snapshot()[0]?.phase === 'ended');
    expect(bench.owner.ends).toHaveLength(0);
    bench.owner.reachable = true;
    await until('the end is reported', () => bench.owner.ends.length === 1);
    await until('nothing is left to do', () => custody.snapshot().length === 0);
  });

  it('removes secrets from everything it reports', async () => {
    const secrets = ['s3cr3t key/+', 'other'];
    const custody = await bench.custody({ plan: { secrets } });
    const script = 'echo "rtmp://host/s3cr3t key/+ and s3cr3t%20key%2F%2B and other" >&2; exit 1';
    await custody.adoptOrStart(commandSpec(['sh', '-c', script]), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    const { detail, logTail } = bench.owner.ends[0]?.end ?? {};
    expect(logTail).toBe('rtmp://host/*** and *** and ***');
    expect(detail).toBe('rtmp://host/*** and *** and ***');
  });

  it('announces the first progress once, and sends heartbeats with the newest progress', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(progressSpec([`${CHILDREN}progresses.sh`]), bench.lease());
    const told = () => bench.owner.heartbeats.flatMap(({ details }) => details.progress?.frames ?? []);
    await until('progress is in a heartbeat', () => told().some((frames) => frames >= 3));
    await until('it goes on', () => new Set(told()).size > 1);
    expect(bench.owner.started).toHaveLength(1);
    expect(bench.owner.started[0]?.runKey).toBe('stream/test/recording/1');
    const { progress } = bench.owner.heartbeats.at(-1)?.details ?? {};
    expect(progress).toMatchObject({ fps: 20, bitrateKbps: 812.3, speed: 1.01 });
    expect(progress?.outTimeMs).toBe((progress?.frames ?? 0) * 50);
    await custody.stopRun('stream/test/recording/1', 'test');
    expect(bench.owner.ends[0]?.end.healthyMs).toBeGreaterThan(0);
  });

  it('announces the first progress again when the server was away', async () => {
    const custody = await bench.custody();
    bench.owner.reachable = false;
    await custody.adoptOrStart(progressSpec([`${CHILDREN}progresses.sh`]), bench.lease());
    await until('progress is seen', () => custody.snapshot()[0]?.firstProgressAt !== null);
    bench.owner.reachable = true;
    await until('it is announced', () => bench.owner.started.length === 1);
  });
});
