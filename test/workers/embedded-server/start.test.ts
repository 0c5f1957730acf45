// The embedded server is the real Temporal server. It must serve, keep its state over every kind of death, be adopted
// when its owner has died, and never run twice on one database.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { parseServerFile, type ServerFile } from '../../../core/server-file.js';
import {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from '../../../workers/embedded-server/index.js';
import { probe } from '../../../workers/embedded-server/readiness.js';

const OWNER_PROGRAM = fileURLToPath(new URL('../../fixtures/programs/own-server.mjs', import.meta.url));
/** A program of its own needs compiled code; `npm test` builds before it tests. */
const DIST = process.env['HOLDFAST_TEST_DIST'] ?? fileURLToPath(new URL('../../../dist', import.meta.url));
const SERVER_MODULE = join(DIST, 'workers/embedded-server/index.js');
const WORKFLOW_ID = 'stream/kept';
let dataDir: string;
let running: EmbeddedServer[];
let logged: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-server-'));
  running = [];
  logged = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedServerOptions> = {}): Promise<EmbeddedServer> {
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const server = await startEmbeddedServer({ dataDir, port: 0, uiPort: null, logger, ...options });
  running.push(server);
  return server;
}

async function serverFile(): Promise<ServerFile | undefined> {
  return parseServerFile(await readFile(join(dataDir, 'server.json'), 'utf8'));
}

async function withClient<Result>(
  address: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function startWorkflow(address: string): Promise<void> {
  await withClient(address, (client) =>
    client.workflow.start('stream', { workflowId: WORKFLOW_ID, taskQueue: 'nobody-polls' }),
  );
}

async function workflowStatus(address: string): Promise<string> {
  return withClient(address, async (client) => {
    const description = await client.workflow.getHandle(WORKFLOW_ID).describe();
    return description.status.name;
  });
}

/** A process that owns a server and can be killed, which ends neither the server nor this test. */
async function ownerProcess(): Promise<{ address: string; kill(): void; exited: Promise<unknown> }> {
  const child = spawn(process.execPath, [OWNER_PROGRAM, SERVER_MODULE, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { address: line, kill: () => child.kill('SIGKILL'), exited };
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come to pass: ${what}`);
    await sleep(50);
  }
}

describe('the embedded Temporal server', () => {
  it('serves its namespace with the search attributes and says in server.json where it is', async () => {
    const server = await start();
    const attributes = await withClient(server.address, (client) =>
      client.connection.operatorService.listSearchAttributes({ namespace: 'default' }),
    );
    expect(Object.keys(attributes.customAttributes ?? {})).toEqual(
      expect.arrayContaining(['HoldfastKind', 'HoldfastState', 'HoldfastHost']),
    );
    expect(await serverFile()).toMatchObject({ address: server.address, uiUrl: null, pid: server.pid() });
  });

  it('serves the Web UI when it is wanted', async () => {
    const server = await start({ uiPort: 0 });
    const response = await fetch(server.uiUrl ?? '');
    expect(response.status).toBe(200);
  });

  it('keeps its state over an orderly stop and leaves nothing behind', async () => {
    const first = await start();
    await startWorkflow(first.address);
    const pid = first.pid();
    await first.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(readFile(join(dataDir, 'server.json'))).rejects.toThrow('ENOENT');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await workflowStatus(second.address)).toBe('RUNNING');
  });

  it('is back at the same address with its state after SIGKILL', async () => {
    const exits: unknown[] = [];
    const server = await start({ onExit: (exit) => exits.push(exit) });
    await startWorkflow(server.address);
    const pid = server.pid();
    process.kill(pid, 'SIGKILL');
    await until(async () => server.pid() !== pid && (await probe(server.address, 'default')), 'a new server');
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
    expect(await workflowStatus(server.address)).toBe('RUNNING');
    expect(await serverFile()).toMatchObject({ address: server.address, pid: server.pid() });
    expect(logged.join('')).toContain('the Temporal server died (SIGKILL)');
  });

  it('is adopted, not started twice, when the process that started it was killed', async () => {
    const owner = await ownerProcess();
    await startWorkflow(owner.address);
    const left = await serverFile();
    owner.kill();
    await owner.exited;
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(server.address).toBe(owner.address);
    expect(server.pid()).toBe(left?.pid);
    expect(await workflowStatus(server.address)).toBe('RUNNING');
  });

  it('is restarted with its state when it dies after it was adopted', async () => {
    const owner = await ownerProcess();
    await startWorkflow(owner.address);
    owner.kill();
    await owner.exited;
    const server = await start();
    const pid = server.pid();
    process.kill(pid, 'SIGKILL');
    await until(async () => server.pid() !== pid && (await probe(server.address, 'default')), 'a new server');
    expect(await workflowStatus(server.address)).toBe('RUNNING');
  });

  it('is refused to a second process that uses the same data directory', async () => {
    await start();
    await expect(start()).rejects.toThrow('another holdfast up runs on this data_dir');
  });

  it('falls back to a free port when the wanted one is taken, and says so', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    try {
      const server = await start({ port });
      expect(server.address).not.toBe(`127.0.0.1:${port}`);
      expect(logged.join('')).toContain(`port ${port} is in use`);
      expect(await probe(server.address, 'default')).toBe(true);
    } finally {
      blocker.close();
    }
  });

  it('says what the server printed when it does not come up', async () => {
    const broken = join(dataDir, 'broken');
    await writeFile(broken, '#!/bin/sh\necho "the disk image is malformed" >&2\nexit 3\n', { mode: 0o755 });
    await expect(start({ temporalPath: broken })).rejects.toThrow(
      /ended with status 3; the end of its log:\n.*the disk image is malformed/s,
    );
    const server = await start();
    expect(await probe(server.address, 'default')).toBe(true);
  });
});
