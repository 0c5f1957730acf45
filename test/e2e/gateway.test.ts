/**
 * Goal: the gateway is there whenever it is asked, and says what is not. Method: the real commands as processes of their own, with
 * the Temporal server and the port of the gateway away or taken.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedServer } from '../../workers/embedded-server/index.js';
import { processesOf, until, WorkerProcess } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-gateway-'));
});
afterAll(async () => {
  for (const pid of await processesOf(folder)) {
    if (pid !== process.pid) process.kill(pid, 'SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
});

async function configFile(name: string, gateway: object, further: object = {}): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  // JSON is YAML too.
  await writeFile(file, JSON.stringify({ data_dir: join(folder, name), gateway, ...further }));
  return file;
}

/** The address that a command prints for people. */
async function addressOf(process: WorkerProcess): Promise<string> {
  const printed = (): string | undefined => /^gateway {5}(http:\S+)$/m.exec(process.output)?.[1];
  await until(
    () => Promise.resolve(printed() !== undefined),
    60_000,
    () => `the address of the gateway:\n${process.output}`,
  );
  return printed() ?? '';
}

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

describe('holdfast gateway', () => {
  it('starts while the server is away, says so, and answers when it is there', async () => {
    const port = await freePort();
    const config = await configFile('alone', {});
    const args = ['gateway', '-c', config, '--listen', '127.0.0.1:0', '--address', `127.0.0.1:${port}`];
    const process = new WorkerProcess(args, folder);
    const url = await addressOf(process);
    expect(await statusOf(`${url}/health/live`)).toBe(200);
    expect(await statusOf(`${url}/health/ready`)).toBe(503);
    expect(await statusOf(`${url}/api/instances`)).toBe(503);
    const server = await startEmbeddedServer({
      dataDir: join(folder, 'server'),
      port,
      uiPort: null,
      logger: pino({ level: 'silent' }),
    });
    try {
      await until(
        async () => (await statusOf(`${url}/api/instances`)) === 200,
        60_000,
        () => `an answer:\n${process.output}`,
      );
      await process.end('SIGTERM');
      expect(process.child.exitCode).toBe(0);
    } finally {
      await server.stop();
    }
  }, 180_000);

  it('ends with what to do when its port is taken, or when a token is needed', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
      const taken = new WorkerProcess(['gateway', '-c', await configFile('taken', { listen })], folder);
      await taken.exited;
      expect(taken.child.exitCode).toBe(1);
      expect(taken.output).toContain(
        `gateway.listen: cannot listen on ${listen}: another program listens there`,
      );
    } finally {
      other.close();
    }
    const config = await configFile('open', { token: '${env:NO_SUCH_TOKEN}' });
    const unset = new WorkerProcess(['gateway', '-c', config], folder);
    await unset.exited;
    expect(unset.child.exitCode).toBe(1);
    expect(unset.output).toContain('gateway.token: the environment variable NO_SUCH_TOKEN is not set');
    const open = new WorkerProcess(
      ['gateway', '-c', await configFile('closed', {}), '--listen', '0.0.0.0:0'],
      folder,
    );
    await open.exited;
    expect(open.child.exitCode).toBe(1);
    expect(open.output).toMatch(/gateway\.listen: 0\.0\.0\.0:0 .* needs a gateway\.token/);
  }, 60_000);
});

describe('holdfast up', () => {
  it('serves the gateway beside a program that has its port, and ends it with everything else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
      const [port, uiPort] = [await freePort(), await freePort()];
      const config = await configFile(
        'up',
        { listen },
        { temporal: { embedded: { port, ui_port: uiPort } } },
      );
      const process = new WorkerProcess(['up', '-c', config, '--plain'], folder);
      const url = await addressOf(process);
      expect(url).not.toBe(`http://${listen}`);
      expect(process.output).toContain('gateway.listen is taken by another program');
      expect(await (await fetch(`${url}/api/instances`)).json()).toEqual([]);
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^temporal_/m);
      await until(
        async () => (await statusOf(`${url}/health/ready`)) === 200,
        30_000,
        () => `readiness:\n${process.output}`,
      );
      await process.end('SIGINT');
      expect(process.child.exitCode).toBe(0);
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    } finally {
      other.close();
    }
  }, 150_000);
});
