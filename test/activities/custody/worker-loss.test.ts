// The promise: a process outlives its worker. Workers are real processes that are killed; the children count, so that a second
// child or a lost one would show.
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CHILDREN, type commandSpec, CustodyBench, processesWith, progressSpec, until } from './bench.js';
import { compileProduct, ownerLog, WorkerProcess } from './worker-process.js';

const KEY = 'stream/test/recording/1';

let bench: CustodyBench;
let workers: WorkerProcess[];
beforeAll(compileProduct);
beforeEach(() => {
  bench = new CustodyBench();
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.kill('SIGKILL');
  await bench.tearDown();
});

function startWorker(...specs: Parameters<typeof commandSpec>[]): WorkerProcess {
  const worker = new WorkerProcess(
    bench.dataDir,
    specs.map((parameters) => progressSpec(...parameters)),
  );
  workers.push(worker);
  return worker;
}

/** Counts upwards into a file, so that every lost or doubled second shows; also reports progress. */
function counter(): string[] {
  const script =
    'n=0; while :; do n=$((n+1)); echo $n >>"$0"; printf "frame=$n\\nprogress=continue\\n" >&3; sleep 0.05; done';
  return ['sh', '-c', script, join(bench.dataDir, 'count')];
}

function counted(): number[] {
  const path = join(bench.dataDir, 'count');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
}

/** Our own children that run this program. */
function childrenNamed(name: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return stat.includes(` (${name}) `) && stat.split(') ')[1]?.split(' ')[1] === String(process.pid);
      } catch {
        return false;
      }
    });
}

function expectUnbrokenCount(): void {
  const numbers = counted();
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
}

describe('a worker that is killed', () => {
  it('is followed, twice, by one that goes on with the same process and the same attempt', async () => {
    const first = startWorker([counter()]);
    await first.started();
    const token = `${first.pid}-0`;
    for (const _ of [1, 2]) {
      const worker = workers.at(-1);
      await until('it makes progress', () =>
        ownerLog(bench.dataDir).some(
          ({ worker: pid, heartbeat }) => pid === worker?.pid && heartbeat?.progress,
        ),
      );
      await worker?.kill('SIGKILL');
      const before = counted().length;
      await until('the process goes on alone', () => counted().length > before + 3);
      await startWorker().started();
    }
    const last = workers.at(-1);
    await until('the last worker sends heartbeats', () =>
      ownerLog(bench.dataDir).some(({ worker, heartbeat }) => worker === last?.pid && heartbeat),
    );
    expect(new Set(ownerLog(bench.dataDir).flatMap(({ token }) => token ?? []))).toEqual(new Set([token]));
    expect(processesWith(join(bench.dataDir, 'count')).length).toBeGreaterThan(0);
    await last?.kill('SIGTERM');

    const custody = await bench.custody();
    const end = await custody.stopRun(KEY, 'test');
    expect(end?.outcome).toBe('stopped');
    expect(end?.firstProgressAt).not.toBeNull();
    expect(processesWith(join(bench.dataDir, 'count'))).toEqual([]);
    expectUnbrokenCount();
  });

  it('is followed by one that adopts the process for the next attempt', async () => {
    const first = startWorker([counter()]);
    await first.started();
    await until('it counts', () => counted().length > 3);
    await first.kill('SIGKILL');
    appendFileSync(join(bench.dataDir, 'dead-tokens'), `${first.pid}-0\n`);
    const second = startWorker([counter()]);
    await second.started();
    await until('the second attempt gets heartbeats', () =>
      ownerLog(bench.dataDir).some(({ token, heartbeat }) => token === `${second.pid}-0` && heartbeat),
    );
    await second.kill('SIGTERM');
    expectUnbrokenCount();
  });

  it('does not stop on SIGTERM of the worker either', async () => {
    const first = startWorker([counter()]);
    await first.started();
    await until('it counts', () => counted().length > 3);
    await first.kill('SIGTERM');
    const before = counted().length;
    await until('the process goes on alone', () => counted().length > before + 3);
    await startWorker().started();
    expectUnbrokenCount();
  });

  it('is told an end that nobody saw, with the status of the process', async () => {
    const script = 'while [ ! -e "$0" ]; do sleep 0.05; done; echo the reason >&2; exit 6';
    const file = join(bench.dataDir, 'end-now');
    const first = startWorker([['sh', '-c', script, file]]);
    await first.started();
    await first.kill('SIGKILL');
    appendFileSync(file, '');
    await until('the process has ended', () => processesWith(file).length === 0);
    await startWorker().started();
    await until('the end is told', () => ownerLog(bench.dataDir).some(({ end }) => end !== undefined));
    const entry = ownerLog(bench.dataDir).find(({ end }) => end !== undefined);
    expect(entry?.token).toBe(`${first.pid}-0`);
    expect(entry?.end).toMatchObject({ exitCode: 6, logTail: 'the reason' });
    await until('it is finalized', () => ownerLog(bench.dataDir).some(({ finalized }) => finalized === KEY));
  });

  it('is told a crash when the wrapper and its child were killed: the lock is free and there is no status', async () => {
    const first = startWorker([counter()]);
    await first.started();
    await until('it counts', () => counted().length > 3);
    await first.kill('SIGKILL');
    for (const pid of processesWith(bench.dataDir)) process.kill(pid, 'SIGKILL');
    const custody = await bench.custody();
    await until('the end is told', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      outcome: 'failed',
      cause: 'crashed',
      exitCode: null,
      exitSignal: null,
    });
    expect(bench.owner.ends[0]?.end.healthyMs).toBeGreaterThan(0);
    await until('nothing is left to do', () => custody.snapshot().length === 0);
  });

  it('goes on with a stop that the dead worker had begun', async () => {
    const first = startWorker([[`${CHILDREN}ignores-sigterm.sh`, bench.dataDir]]);
    await first.started();
    await first.kill('SIGKILL');
    const runDir = join(bench.dataDir, 'runs', encodeURIComponent(KEY));
    appendFileSync(
      join(runDir, 'stop'),
      JSON.stringify({ reason: 'asked to', at: new Date().toISOString() }),
    );
    await bench.custody();
    await until('the end is told', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ outcome: 'stopped', detail: 'asked to' });
  });

  it('is no reason to call a run stalled: the clock runs only while somebody watches', async () => {
    const first = startWorker([[`${CHILDREN}progresses.sh`, '5'], { stallTimeoutMs: 700 }]);
    await first.started();
    await first.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const custody = await bench.custody();
    const adoptedAtMs = performance.now();
    expect(custody.snapshot()[0]?.phase).toBe('running');
    await until('the stall is seen', () => bench.owner.ends.length === 1);
    expect(performance.now() - adoptedAtMs).toBeGreaterThan(600);
    expect(bench.owner.ends[0]?.end).toMatchObject({ cause: 'stream_timeout', progress: { frames: 5 } });
  });
});

describe('a second worker', () => {
  it('stands by and takes over as soon as the first is killed', async () => {
    const first = startWorker([counter()]);
    await first.started();
    const second = startWorker();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(second.output).toBe('');
    await first.kill('SIGKILL');
    await second.started();
    await until('it sends heartbeats', () =>
      ownerLog(bench.dataDir).some(({ worker, heartbeat }) => worker === second.pid && heartbeat),
    );
    expectUnbrokenCount();
  });

  it('is not needed when only the holder of the lock is killed: the custodian takes it again', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(progressSpec(counter()), bench.lease());
    await until('it makes progress', () => bench.owner.started.length === 1);
    const holder = childrenNamed('cat');
    expect(holder).toHaveLength(1);
    process.kill(holder[0] ?? 0, 'SIGKILL');
    await until('the run was taken up again', () => custody.snapshot()[0]?.adopted === true);
    expect(childrenNamed('cat')).not.toEqual(holder);
    expect((await custody.stopRun(KEY, 'test'))?.outcome).toBe('stopped');
    expectUnbrokenCount();
  });

  it('takes over from one that closes', async () => {
    const first = startWorker([counter()]);
    await first.started();
    const second = startWorker();
    await first.kill('SIGTERM');
    await second.started();
  });
});
