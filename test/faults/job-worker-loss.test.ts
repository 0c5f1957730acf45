// Goal: a worker that is killed in the middle of a step costs the job nothing: the step is made again with what was kept, everything
// is told once and in order, and nothing half made stays.
// Method: the workflow and store here, the worker of the steps in a process of its own that gets a SIGKILL.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../support/cluster.js';
import { JobBench } from '../support/job-bench.js';

let bench: JobBench;
const children: ChildProcess[] = [];

beforeAll(async () => {
  bench = await JobBench.open();
  await bench.startWorkers({}, 'orchestrator');
}, 120_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.close();
}, 60_000);

function startHost(): ChildProcess {
  const program = fileURLToPath(new URL('../fixtures/job-worker.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, bench.address, bench.dataDir], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  return child;
}

async function filesOf(id: string): Promise<string[]> {
  return (await readdir(join(bench.dataDir, 'jobs', id), { recursive: true })).sort();
}

describe('SIGKILL of the worker in the middle of a step', () => {
  it('costs nothing: the step is made again by the next worker', async () => {
    const first = startHost();
    const handle = await bench.startClip('killed');
    await bench.untilView(
      'killed',
      ({ artifacts, progress }) => artifacts.length === 1 && (progress?.percent ?? 0) > 5,
      'the step cut to be under way',
    );
    first.kill('SIGKILL');
    startHost();
    await handle.result();
    const events = await bench.events('killed');
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => index + 1));
    const lines = events.flatMap(({ body }) => (body.type === 'log' ? [body.message] : []));
    expect(lines).toEqual(['attempt 1 finds nothing', 'attempt 2 finds 3']);
    const made = events.flatMap(({ body }) => (body.type === 'artifact' ? [body.name] : []));
    expect(made).toEqual(['first.txt', 'second.txt']);
    expect((await bench.store.jobs.read('job/killed', 0))?.events).toEqual(events);
    expect(await filesOf('killed')).toEqual(['artifacts', 'artifacts/first.txt', 'artifacts/second.txt']);
  }, 120_000);

  it('is told when nobody comes in its place for a while', async () => {
    const [host] = children.slice(-1);
    const handle = await bench.startClip('alone');
    await bench.untilView('alone', ({ artifacts }) => artifacts.length === 1, 'the step cut to be under way');
    host?.kill('SIGKILL');
    const messagesOf = async () =>
      (await bench.events('alone')).flatMap(({ body }) => (body.type === 'status' ? [body.message] : []));
    await until(
      async () => (await messagesOf()).includes('waiting for host studio-1'),
      60_000,
      'the job to say that its host is away',
    );
    startHost();
    await handle.result();
    expect((await bench.view('alone')).artifacts.map(({ name }) => name)).toEqual([
      'first.txt',
      'second.txt',
    ]);
  }, 120_000);
});
