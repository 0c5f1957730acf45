// Goal: the one command of a new user. Method: `holdfast up` on the example file as it ships (only its ports are changed), a
// real Temporal server with its Web UI, Ctrl-C, and up again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../activities/custody/project-root.js';
import { processesOf, until, WorkerProcess } from '../support/cluster.js';

let folder: string;
let config: string;
const recordings = () => join(folder, 'data', 'recordings', 'stream', 'demo', 'recording');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function recordedBytes(): Promise<number> {
  const names = (await readdir(recordings()).catch(() => [])).filter((name) => name.endsWith('.ts'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(recordings(), name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-up-'));
  config = join(folder, 'holdfast.yaml');
  const example = await readFile(join(projectRoot(), 'holdfast.example.yaml'), 'utf8');
  await writeFile(config, example.replaceAll('127.0.0.1:7700', `127.0.0.1:${await freePort()}`));
});

afterAll(async () => {
  for (const pid of await processesOf(folder)) {
    if (pid !== process.pid) process.kill(pid, 'SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
});

describe('holdfast up', () => {
  it('records the demo, says where, ends cleanly on Ctrl-C and goes on at the next start', async () => {
    const first = new WorkerProcess(['up', '-c', config, '--plain'], folder);
    await until(
      async () => (await recordedBytes()) > 100_000,
      60_000,
      () => `media on disk:\n${first.output}`,
    );
    expect(first.output).toContain(join(folder, 'data', 'recordings'));
    const ui = /web ui\s+(http:\/\/\S+)/.exec(first.output)?.[1] ?? '';
    expect((await fetch(ui)).status).toBe(200);
    await until(
      () => /stream\/demo running/.test(first.output),
      30_000,
      () => `a state line:\n${first.output}`,
    );
    await first.end('SIGINT');
    expect(first.child.exitCode).toBe(0);
    expect(first.output).toMatch(/stopped; recordings are in/);
    expect(await processesOf(folder, /temporal/)).toEqual([]);

    const before = await recordedBytes();
    const second = new WorkerProcess(['up', '-c', config, '--plain'], folder);
    await until(
      async () => (await recordedBytes()) > before + 100_000,
      90_000,
      () => `more media:\n${second.output}`,
    );
    await second.end('SIGTERM');
    expect(second.child.exitCode).toBe(0);
  }, 200_000);

  it('makes what runs match an edited file although it was killed a moment ago', async () => {
    const first = new WorkerProcess(['up', '-c', config, '--plain'], folder);
    await until(
      () => /stream\/demo running/.test(first.output),
      60_000,
      () => `a state line:\n${first.output}`,
    );
    await first.end('SIGKILL');
    await writeFile(config, (await readFile(config, 'utf8')).replace(/segment: \S+/, 'segment: 7s'));
    // What the killed one had is given to it for ten seconds more; the worker of the next one is there long before.
    const second = new WorkerProcess(['up', '-c', config, '--plain'], folder);
    await until(
      () => /stream\/demo +(?:reconfigured|failed)/.test(second.output),
      60_000,
      () => `what was done about the stream:\n${second.output}`,
    );
    expect(second.output).toMatch(/stream\/demo +reconfigured/);
    await second.end('SIGINT');
    expect(second.child.exitCode).toBe(0);
  }, 200_000);

  it('says which key of a bad file is wrong and exits with 2', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, 'streams:\n  - id: x\n    resolver: { kind: direct, url: "" }\n');
    const process = new WorkerProcess(['up', '-c', bad], folder);
    await process.exited;
    expect(process.child.exitCode).toBe(2);
    expect(process.output).toMatch(/bad\.yaml:3:.*url/);
  });
});
