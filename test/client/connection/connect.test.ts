// Clients and workers reach a real server by the same options, and say its address when nobody answers.
import { fileURLToPath } from 'node:url';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { connectClient, TemporalUnreachableError } from '../../../client/connection/index.js';
import type { ConnectionOptions } from '../../../core/connection-options.js';
import { connectNative } from '../../../workers/connection/index.js';
import { startTestServer, type TestServer } from '../../support/temporal.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

function optionsFor(address: string): ConnectionOptions {
  return { address, namespace: 'default', origin: 'a test' };
}

/** An address at which nobody listens. */
async function deadAddress(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return `127.0.0.1:${port}`;
}

describe('a connection to Temporal', () => {
  it('works for clients', async () => {
    const connected = await connectClient(optionsFor(server.address));
    try {
      const { namespaceInfo } = await connected.client.workflowService.describeNamespace({
        namespace: 'default',
      });
      expect(namespaceInfo?.name).toBe('default');
    } finally {
      await connected.close();
    }
  });

  it('works for workers', async () => {
    const connection = await connectNative(optionsFor(server.address));
    await expect(connection.close()).resolves.toBeUndefined();
  });

  it('fails in bounded time with the address when nobody listens or the other side is silent', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const silentAddress = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const addresses = [await deadAddress(), silentAddress];
    try {
      const tries = addresses.flatMap((address) => [
        connectClient(optionsFor(address)),
        connectNative(optionsFor(address)),
      ]);
      for (const [index, failure] of (await Promise.allSettled(tries)).entries()) {
        const reason: unknown = failure.status === 'rejected' ? failure.reason : undefined;
        expect(reason).toBeInstanceOf(TemporalUnreachableError);
        const address = addresses[Math.floor(index / 2)];
        expect(String(reason)).toContain(`No Temporal server answers at ${address} (a test)`);
      }
    } finally {
      silent.close();
      for (const socket of sockets) socket.destroy();
    }
  }, 40_000);

  it('is closed while a call waits to be tried again, and nothing is left that could end the process', async () => {
    const program = fileURLToPath(new URL('../../fixtures/close-while-retrying.mjs', import.meta.url));
    const end = await execa(process.execPath, [program, await deadAddress()], { reject: false });
    expect(end).toMatchObject({ exitCode: 0, stdout: 'failed with code 14', stderr: '' });
  });
});
