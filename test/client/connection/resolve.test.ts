// Where a command finds its Temporal server. Nothing is connected here: only the choice is tested.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ConnectionConfigError,
  namesExternalServer,
  resolveConnectionOptions,
} from '../../../client/connection/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-connection-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function writeProfiles(text: string): Promise<NodeJS.ProcessEnv> {
  const file = join(folder, 'temporal.toml');
  await writeFile(file, text);
  return { TEMPORAL_CONFIG_FILE: file };
}

async function writeServer(text: string): Promise<void> {
  await writeFile(join(folder, 'server.json'), text);
}

const SERVER = {
  address: '127.0.0.1:45678',
  uiUrl: null,
  pid: 4711,
  startTicks: 1,
  bootId: 'b',
  startedAt: '2026-01-01T00:00:00Z',
};

describe('the Temporal server of a command', () => {
  it('is the usual one when nothing names another', async () => {
    expect(await resolveConnectionOptions({ environment: {} })).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      origin: 'the usual address',
    });
  });

  it('is the embedded one that server.json of the data directory names', async () => {
    await writeServer(JSON.stringify(SERVER));
    const found = await resolveConnectionOptions({
      dataDir: folder,
      environment: { TEMPORAL_NAMESPACE: 'tv' },
    });
    expect(found).toMatchObject({ address: SERVER.address, namespace: 'tv' });
    expect(found.origin).toContain('server.json');
  });

  it('is the usual one when server.json is damaged', async () => {
    await writeServer('{"address": "127.0.0.1:4');
    const found = await resolveConnectionOptions({ dataDir: folder, environment: {} });
    expect(found.address).toBe('127.0.0.1:7233');
  });

  it('is the one of TEMPORAL_ADDRESS even while an embedded one runs', async () => {
    await writeServer(JSON.stringify(SERVER));
    const environment = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'tv' };
    expect(await resolveConnectionOptions({ dataDir: folder, environment })).toMatchObject({
      address: 'temporal.example:7233',
      namespace: 'tv',
    });
  });

  it('comes from a profile with its namespace, API key and TLS', async () => {
    const environment = await writeProfiles(
      '[profile.cloud]\naddress = "cloud.example:7233"\nnamespace = "tv.a1b2c"\napi_key = "key"\n',
    );
    const found = await resolveConnectionOptions({ profile: 'cloud', environment });
    expect(found).toEqual({
      address: 'cloud.example:7233',
      namespace: 'tv.a1b2c',
      apiKey: 'key',
      tls: true,
      origin: 'from profile cloud',
    });
  });

  it('is overridden by a flag', async () => {
    const environment = { TEMPORAL_ADDRESS: 'elsewhere.example:7233' };
    const found = await resolveConnectionOptions({ address: 'here.example:7233', environment });
    expect(found.address).toBe('here.example:7233');
  });

  it('never gets the keys of a default profile that nobody asked for', async () => {
    const home = { HOME: folder, XDG_CONFIG_HOME: folder };
    const found = await resolveConnectionOptions({ address: 'here.example:7233', environment: home });
    expect(found).not.toHaveProperty('apiKey');
  });

  it('is an error that names the profile when there is no such profile', async () => {
    const environment = await writeProfiles('[profile.cloud]\naddress = "cloud.example:7233"\n');
    const finding = resolveConnectionOptions({ profile: 'clowd', environment });
    await expect(finding).rejects.toThrow(ConnectionConfigError);
    await expect(finding).rejects.toThrow('clowd');
  });
});

describe('up', () => {
  it('needs an embedded server only when no other one is named', () => {
    expect(namesExternalServer({ environment: {} })).toBe(false);
    expect(namesExternalServer({ environment: { TEMPORAL_NAMESPACE: 'tv' } })).toBe(false);
    expect(namesExternalServer({ environment: { TEMPORAL_ADDRESS: 'a:1' } })).toBe(true);
    expect(namesExternalServer({ profile: 'cloud', environment: {} })).toBe(true);
  });
});
