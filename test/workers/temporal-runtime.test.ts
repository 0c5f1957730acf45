/**
 * Goal: a process with workers gives the metrics of the Temporal SDK, on this machine only. Method: the real SDK, connected to a real
 * server, and the reader that the gateway uses.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { createSdkMetricsReader } from '../../client/gateway/metrics/sdk-metrics.js';
import { installRuntime, sdkMetricsAddress } from '../../workers/temporal-runtime.js';
import { readExposition } from '../support/exposition.js';
import { startTestServer, type TestServer } from '../support/temporal.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

describe('the runtime of the SDK', () => {
  it('gives its metrics on a loopback port once it is prepared, and is prepared once', async () => {
    const read = createSdkMetricsReader(sdkMetricsAddress);
    expect([sdkMetricsAddress(), await read()]).toEqual([null, null]);
    const logger = pino({ level: 'silent' });
    await Promise.all([installRuntime(logger), installRuntime(logger)]);
    expect(sdkMetricsAddress()).toMatch(/^127\.0\.0\.1:\d+$/);
    const connection = await NativeConnection.connect({ address: server.address });
    try {
      const metrics = readExposition((await read()) ?? '');
      expect([...metrics.names]).toContain('temporal_request');
    } finally {
      await connection.close();
    }
  });
});
