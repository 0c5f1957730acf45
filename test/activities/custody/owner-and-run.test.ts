// Who owns a run: adoption by new attempts, by new numbers, by nobody. Real processes, a workflow server in memory.
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CHILDREN, commandSpec, CustodyBench, processesWith, progressSpec, until } from './bench.js';

let bench: CustodyBench;
beforeEach(() => {
  bench = new CustodyBench();
});
afterEach(() => bench.tearDown());

/** A command that can be told from all others. */
function marked(mark = 'mark'): string[] {
  return ['sh', '-c', 'while :; do sleep 0.1; done', join(bench.dataDir, mark)];
}

describe('startRun for a key that is there already', () => {
  it('starts one process for two calls at the same time, and reports to the later', async () => {
    const custody = await bench.custody();
    const leases = [bench.lease(), bench.lease()] as const;
    await Promise.all(leases.map((lease) => custody.adoptOrStart(commandSpec(marked()), lease)));
    expect(custody.snapshot()).toHaveLength(1);
    await until('the process runs', () => processesWith(join(bench.dataDir, 'mark')).length > 0);
    const leaders = new Set(custody.snapshot().map(({ pid }) => pid));
    expect(leaders.size).toBe(1);
    await custody.stopRun('stream/test/recording/1', 'test');
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.token).toBe(leases[1].token);
  });

  it('adopts the living process again and again, and tells each new owner of the progress', async () => {
    const custody = await bench.custody();
    const spec = progressSpec([`${CHILDREN}progresses.sh`]);
    await custody.adoptOrStart(spec, bench.lease());
    await until('the first owner knows', () => bench.owner.started.length === 1);
    const [before] = custody.snapshot();
    for (const owners of [2, 3]) {
      await custody.adoptOrStart(spec, bench.lease());
      await until('the new owner knows', () => bench.owner.started.length === owners);
    }
    expect(custody.snapshot()[0]?.pid).toBe(before?.pid);
  });

  it('reports an end that could not be told before to the new attempt', async () => {
    const custody = await bench.custody();
    const first = bench.lease();
    bench.owner.deadTokens.add(first.token);
    await custody.adoptOrStart(commandSpec(['sh', '-c', 'exit 5']), first);
    await until('it has ended', () => custody.snapshot()[0]?.phase === 'ended');
    const second = bench.lease();
    await custody.adoptOrStart(commandSpec(['sh', '-c', 'exit 5']), second);
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]).toMatchObject({ token: second.token, end: { exitCode: 5 } });
  });

  it('starts afresh when the former run of that name was finished, and keeps its directory', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(commandSpec(['sh', '-c', 'exit 5']), bench.lease());
    await until('it is settled', () => bench.owner.ends.length === 1 && custody.snapshot().length === 0);
    await custody.adoptOrStart(commandSpec(['sh', '-c', 'exit 6']), bench.lease());
    await until('the second is settled', () => bench.owner.ends.length === 2);
    expect(bench.owner.ends.map(({ end }) => end.exitCode)).toEqual([5, 6]);
    expect(readdirSync(join(bench.dataDir, 'runs'))).toHaveLength(2);
  });
});

describe('another run of the same branch', () => {
  it('is adopted under the new number when it does the same, also by a later custodian', async () => {
    const first = await bench.custody();
    await first.adoptOrStart(commandSpec(marked(), { run: 7 }), bench.lease());
    const [before] = first.snapshot();
    const lease = bench.lease();
    await first.adoptOrStart(commandSpec(marked(), { run: 1 }), lease);
    expect(first.snapshot()).toMatchObject([{ runKey: 'stream/test/recording/1', pid: before?.pid }]);
    await first.close();

    const second = await bench.custody();
    expect(second.snapshot()).toMatchObject([{ runKey: 'stream/test/recording/1', pid: before?.pid }]);
    const end = await second.stopRun('stream/test/recording/1', 'test');
    expect(end?.runKey).toBe('stream/test/recording/1');
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.token).toBe(lease.token);
    const link = join(bench.dataDir, 'runs', encodeURIComponent('stream/test/recording/1'));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('is stopped first when it does something else', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(commandSpec(marked('one'), { run: 1 }), bench.lease());
    await custody.adoptOrStart(commandSpec(marked('two'), { run: 2 }), bench.lease());
    expect(processesWith(join(bench.dataDir, 'one'))).toEqual([]);
    expect(custody.snapshot().filter(({ phase }) => phase === 'running')).toHaveLength(1);
    expect(bench.owner.ends.every(({ end }) => end.outcome === 'stopped')).toBe(true);
  });
});

describe('a lock', () => {
  it('that another run holds ends the run at once and names the holder', async () => {
    const custody = await bench.custody();
    const locks = ['device:/dev/video0'];
    await custody.adoptOrStart(commandSpec(marked(), { locks, branch: 'one' }), bench.lease());
    await until('the process runs', () => processesWith(join(bench.dataDir, 'mark')).length > 0);
    await custody.adoptOrStart(commandSpec(marked('second'), { locks, branch: 'two' }), bench.lease());
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      runKey: 'stream/test/two/1',
      outcome: 'failed',
      cause: 'encoder_hiccup',
      detail: 'device busy: held by stream/test/one/1',
    });
    expect(processesWith(join(bench.dataDir, 'second'))).toEqual([]);
  });

  it('is free again when its holder has ended', async () => {
    const custody = await bench.custody();
    const locks = ['device:/dev/video0', 'output:a/b'];
    await custody.adoptOrStart(commandSpec(marked(), { locks, branch: 'one' }), bench.lease());
    await custody.stopRun('stream/test/one/1', 'test');
    await custody.adoptOrStart(commandSpec(marked(), { locks, branch: 'two' }), bench.lease());
    await until('the process runs', () => processesWith(join(bench.dataDir, 'mark')).length > 0);
    expect(custody.snapshot().filter(({ phase }) => phase === 'running')).toHaveLength(1);
  });
});

describe('a run whose wrapper was killed', () => {
  it('goes on to be watched, and its end is noticed', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(progressSpec([`${CHILDREN}progresses.sh`, '']), bench.lease());
    await until('it makes progress', () => bench.owner.started.length === 1);
    const leader = custody.snapshot()[0]?.pid ?? 0;
    process.kill(leader, 'SIGKILL');
    const frames = custody.snapshot()[0]?.progress?.frames ?? 0;
    await until('it goes on', () => (custody.snapshot()[0]?.progress?.frames ?? 0) > frames + 5);
    expect(bench.owner.ends).toHaveLength(0);
    const end = await custody.stopRun('stream/test/recording/1', 'test');
    expect(end?.outcome).toBe('stopped');
  });
});

describe('a run without an owner', () => {
  it('lives on while the server is away or only the token is dead', async () => {
    const custody = await bench.custody();
    const lease = bench.lease();
    await custody.adoptOrStart(commandSpec(marked()), lease);
    bench.owner.deadTokens.add(lease.token);
    await until('the owner was asked for', () => bench.owner.ownerQuestions >= 3);
    bench.owner.goneWorkflows.add('stream/test');
    bench.owner.reachable = false;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(custody.snapshot()[0]?.phase).toBe('running');
  });

  it('is stopped when the server says, for the whole grace, that its workflow is gone', async () => {
    let finalized = 0;
    const finalize = async (): Promise<void> => {
      finalized += 1;
    };
    const custody = await bench.custody({ watcher: { finalize } });
    const lease = bench.lease();
    await custody.adoptOrStart(commandSpec(marked()), lease);
    bench.owner.deadTokens.add(lease.token);
    bench.owner.goneWorkflows.add('stream/test');
    await until('the run is gone', () => custody.snapshot().length === 0);
    expect(bench.owner.ends).toEqual([]);
    expect(finalized).toBe(1);
    expect(processesWith(join(bench.dataDir, 'mark'))).toEqual([]);
  });

  it('is kept for a new owner that comes within the grace', async () => {
    const custody = await bench.custody({}, { ownerAbsentGraceMs: 2_000 });
    const lease = bench.lease();
    await custody.adoptOrStart(commandSpec(marked()), lease);
    bench.owner.deadTokens.add(lease.token);
    bench.owner.goneWorkflows.add('stream/test');
    await until('the owner was asked for', () => bench.owner.ownerQuestions >= 2);
    await custody.adoptOrStart(commandSpec(marked()), bench.lease());
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(custody.snapshot()[0]?.phase).toBe('running');
  });
});

describe('finished runs', () => {
  it('are kept up to a number in each branch, the newest first', async () => {
    const custody = await bench.custody({}, { finishedRunsMax: 2 });
    for (const run of [1, 2, 3, 4]) {
      await custody.adoptOrStart(commandSpec(['true'], { run }), bench.lease());
      await until('it is settled', () => bench.owner.ends.length === run && custody.snapshot().length === 0);
    }
    await until('the oldest are removed', () => readdirSync(join(bench.dataDir, 'runs')).length === 2);
    const names = readdirSync(join(bench.dataDir, 'runs')).map(decodeURIComponent);
    expect(names.toSorted()).toEqual(['stream/test/recording/3', 'stream/test/recording/4']);
  });

  it('are removed by the next custodian when they are too old', async () => {
    const first = await bench.custody();
    await first.adoptOrStart(commandSpec(['true']), bench.lease());
    await until('it is settled', () => bench.owner.ends.length === 1 && first.snapshot().length === 0);
    await first.close();
    await bench.custody({}, { finishedRunAgeMaxMs: 1 });
    expect(readdirSync(join(bench.dataDir, 'runs'))).toEqual([]);
  });
});
