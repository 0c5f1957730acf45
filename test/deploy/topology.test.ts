// The topology of docker-compose.yml without containers: a Temporal server of its own, set up by `holdfast setup`, one
// orchestrator and two device workers on two "hosts", each a process with a data directory of its own; no embedded mode.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { hostTaskQueue } from '../../core/task-queues.js';
import { startDemoSource, type DemoSource } from '../../workers/demo-source/index.js';
import { startTestServer, type TestServer } from '../support/temporal.js';

/** The command line as it is installed; `npm test` builds before it tests. */
const HOLDFAST = fileURLToPath(new URL('../../bin/holdfast.cjs', import.meta.url));
const HOSTS = ['studio-1', 'studio-2'] as const;
const WAIT_MS = 60_000;

let folder: string;
let server: TestServer;
let source: DemoSource;
let environment: Record<string, string>;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-topology-'));
  server = await startTestServer();
  source = await startDemoSource({ host: '127.0.0.1', port: 0 });
  environment = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'television' };
}, WAIT_MS);

afterAll(async () => {
  // Recordings outlive their workers, so after a failure they are stopped here.
  await Promise.allSettled(HOSTS.map((host) => holdfast('stop', `stream/on-${host}`, '--wait')));
  await Promise.all(workers.map(endWorker));
  await source.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 2 * WAIT_MS);

/** The same streams for everybody; each process has its own data. */
function configFor(name: string): string {
  const file = join(folder, `${name}.yaml`);
  const streams = HOSTS.map((host) => ({
    id: `on-${host}`,
    host,
    resolver: { kind: 'direct', url: source.url },
    record: { segment: '1s' },
  }));
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify({ data_dir: join(folder, name), streams }));
  return file;
}

async function holdfast(...words: string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, [HOLDFAST, ...words], {
    env: environment,
    timeout: WAIT_MS,
  });
  return stdout;
}

function startWorker(name: string, ...words: string[]): ChildProcess {
  const worker = spawn(process.execPath, [HOLDFAST, 'worker', '-c', configFor(name), ...words], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  workers.push(worker);
  return worker;
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exited;
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come to pass: ${what}`);
    await sleep(200);
  }
}

/** Bytes that a host has recorded of a stream. */
function recordedBytes(host: string, stream: string): number {
  const recordings = join(folder, host, 'recordings', 'stream', stream);
  try {
    return readdirSync(recordings, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .reduce((sum, name) => sum + statSync(join(recordings, name)).size, 0);
  } catch {
    return 0;
  }
}

async function stateOf(stream: string): Promise<string> {
  const instance = JSON.parse(await holdfast('show', `stream/${stream}`, '--json')) as { state: string };
  return instance.state;
}

describe('holdfast beyond one process', () => {
  it('is set up by one command, which may be repeated', async () => {
    for (const again of [false, true]) {
      const printed = await holdfast('setup', '--create-namespace', '-c', configFor('setup'));
      expect(printed).toContain(again ? 'namespace television\n' : 'namespace television created');
      expect(printed).toContain('tables of sqlite:');
    }
  }, 120_000);

  it('records each stream on the host that it names', async () => {
    startWorker('orchestrator', '--roles', 'orchestrator,fetch');
    for (const host of HOSTS) startWorker(host, '--roles', 'device', '--host', host);
    await holdfast('apply', '-c', configFor('apply'));
    for (const host of HOSTS) {
      await until(() => recordedBytes(host, `on-${host}`) > 0, `a recording on ${host}`);
      expect(JSON.parse(await holdfast('doctor', '--queue', hostTaskQueue(host), '--json'))).toMatchObject({
        ok: true,
      });
    }
    expect(recordedBytes('studio-1', 'on-studio-2')).toBe(0);
    expect(recordedBytes('studio-2', 'on-studio-1')).toBe(0);
    expect(recordedBytes('orchestrator', 'on-studio-1')).toBe(0);
  }, 120_000);

  it('goes on recording while the worker of its host is redeployed', async () => {
    const [host] = HOSTS;
    const old = workers[1];
    if (old === undefined) throw new Error('no worker to replace');
    await endWorker(old);
    const before = recordedBytes(host, `on-${host}`);
    await until(() => recordedBytes(host, `on-${host}`) > before, 'growth without a worker');
    startWorker(host, '--roles', 'device', '--host', host);
  }, 120_000);

  it('stops each stream by its workflow', async () => {
    for (const host of HOSTS) {
      await holdfast('stop', `stream/on-${host}`, '--wait');
      await until(async () => (await stateOf(`on-${host}`)) === 'stopped', `on-${host} stopped`);
      const bytes = recordedBytes(host, `on-${host}`);
      await sleep(1_500);
      expect(recordedBytes(host, `on-${host}`)).toBe(bytes);
    }
  }, 120_000);
});
