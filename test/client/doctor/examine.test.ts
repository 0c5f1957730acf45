// What `holdfast doctor` finds on this machine, with a real server and with faults made for the purpose.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { connectClient } from '../../../client/connection/index.js';
import { checkPollers, examine, type CheckResult } from '../../../client/doctor/index.js';
import { connectNative } from '../../../workers/connection/index.js';
import { startTestServer, type TestServer } from '../../support/temporal.js';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function examineWith(config: string, address = server.address): Promise<readonly CheckResult[]> {
  const configFile = join(folder, 'holdfast.yaml');
  writeFileSync(configFile, config);
  return examine({ configFile, dataDir: join(folder, 'data'), connection: { address, environment: {} } });
}

function find(results: readonly CheckResult[], name: string): CheckResult | undefined {
  return results.find((result) => result.name === name);
}

describe('doctor', () => {
  it('finds everything well on a machine that is set up', async () => {
    const results = await examineWith('streams: []\n');
    expect(results.filter((result) => result.status === 'failed')).toEqual([]);
    for (const name of ['node', 'ffmpeg', 'ffprobe', 'flock', 'temporal', 'data_dir', 'temporal server']) {
      expect(find(results, name)?.status).toBe('ok');
    }
    expect(find(results, 'search attributes')?.detail).toBe('are there');
  });

  it('says how to mend each thing that is not well', async () => {
    for (const result of await examineWith('streams: []\n')) {
      if (result.status !== 'ok') expect(result.mend).not.toBeNull();
    }
  });

  it('fails for a capture device that is not there', async () => {
    const results = await examineWith(
      'captures: [ { id: hdmi, input: { kind: v4l2, device: /dev/video99 } } ]\n',
    );
    expect(find(results, 'device /dev/video99')).toMatchObject({ status: 'failed', detail: 'not there' });
  });

  it('does not look for the devices of other hosts', async () => {
    const results = await examineWith(
      'captures: [ { id: hdmi, host: elsewhere, input: { kind: v4l2, device: /dev/video99 } } ]\n',
    );
    expect(find(results, 'device /dev/video99')).toBeUndefined();
  });

  it('advises a contact for sites where sources name none, and says so once', async () => {
    const source = (id: string, rest = '') => `  - { id: ${id}, url: "https://example.org/${id}"${rest} }\n`;
    const sources = `sources:\n${source('a')}${source('b')}${source('c', ', user_agent: reader/1 (me@example.org)')}`;
    const advice = (await examineWith(sources)).filter(({ name }) => name === 'contact');
    expect(advice).toMatchObject([{ status: 'warning', detail: expect.stringMatching(/^2 of 3 sources /) }]);
    expect(find(await examineWith(`contact: me@example.org\n${sources}`), 'contact')).toBeUndefined();
    expect(find(await examineWith('streams: []\n'), 'contact')).toBeUndefined();
  });

  it('fails with line and key for a configuration that does not hold', async () => {
    const config = find(await examineWith('streams: [ { id: "a b" } ]\n'), 'config');
    expect(config?.status).toBe('failed');
    expect(config?.detail).toContain('holdfast.yaml:1');
  });

  it('fails when a named server does not answer, but not when there is just no embedded one', async () => {
    const results = await examineWith('streams: []\n', '127.0.0.1:1');
    expect(find(results, 'temporal server')).toMatchObject({ status: 'failed' });
    const configFile = join(folder, 'holdfast.yaml');
    const connection = { environment: {} };
    writeFileSync(
      join(folder, 'server.json'),
      JSON.stringify({
        address: '127.0.0.1:1',
        uiUrl: null,
        pid: 1,
        startTicks: 1,
        bootId: '',
        startedAt: '',
      }),
    );
    writeFileSync(configFile, 'data_dir: .\n');
    const embedded = await examine({ configFile, dataDir: folder, connection });
    expect(find(embedded, 'temporal server')).toMatchObject({ status: 'warning' });
  });

  it('fails for a store that does not answer', async () => {
    const results = await examineWith('store: postgres://nobody@127.0.0.1:1/none\n');
    expect(find(results, 'store')).toMatchObject({ status: 'failed' });
  });

  it('reports a data directory that is a file, not a folder', async () => {
    writeFileSync(join(folder, 'data'), '');
    chmodSync(join(folder, 'data'), 0o600);
    expect(find(await examineWith('streams: []\n'), 'data_dir')?.status).toBe('failed');
  });
});

describe('the check of a task queue', () => {
  it('knows whether a worker of this machine polls it', async () => {
    const options = { address: server.address, namespace: 'default', origin: 'a test' };
    const connected = await connectClient(options);
    const connection = await connectNative(options);
    try {
      const before = await checkPollers(connected.client, 'polled', true);
      expect(before).toMatchObject({ status: 'failed', detail: 'no worker of this machine polls it' });
      const worker = await Worker.create({
        connection,
        taskQueue: 'polled',
        activities: { nothing: async () => undefined },
      });
      await worker.runUntil(async () => {
        const deadline = Date.now() + 20_000;
        let seen = before;
        while (seen.status !== 'ok' && Date.now() < deadline) {
          seen = await checkPollers(connected.client, 'polled', true);
        }
        expect(seen.detail).toContain(`@${hostname()}`);
      });
    } finally {
      await connected.close();
      await connection.close();
    }
  });
});
