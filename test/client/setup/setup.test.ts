// What `holdfast setup` creates on a real Temporal server, and that doing it again changes nothing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectClient, type ConnectedClient } from '../../../client/connection/index.js';
import { ensureNamespace, namespaceExists } from '../../../client/setup/namespace.js';
import { ensureSearchAttributes, missingSearchAttributes } from '../../../client/setup/search-attributes.js';
import { describeStore, ensureTables } from '../../../client/setup/store.js';
import { startTestServer, type TestServer } from '../../support/temporal.js';

const ATTRIBUTES = ['HoldfastKind', 'HoldfastState', 'HoldfastHost'];
let server: TestServer;
let connected: ConnectedClient;

beforeAll(async () => {
  server = await startTestServer();
  connected = await connectClient({ address: server.address, namespace: 'television', origin: 'a test' });
});

afterAll(async () => {
  await connected.close();
  await server.stop();
});

describe('setting up a namespace', () => {
  it('creates it, once, and gives it the search attributes, once', async () => {
    const { client } = connected;
    expect(await namespaceExists(client)).toBe(false);
    expect(await ensureNamespace(client, 7)).toBe(true);
    expect(await ensureNamespace(client, 7)).toBe(false);
    expect(await missingSearchAttributes(client)).toEqual(ATTRIBUTES);
    expect(await ensureSearchAttributes(client)).toEqual(ATTRIBUTES);
    expect(await ensureSearchAttributes(client)).toEqual([]);
    await expect(client.workflow.count('HoldfastState = "running"')).resolves.toMatchObject({ count: 0 });
  });
});

describe('the store of the set-up', () => {
  it('names the variable that its address needs and that is not set', async () => {
    await expect(ensureTables('postgres://a:${env:STORE_PASSWORD}@h/db', {})).rejects.toThrow(
      'STORE_PASSWORD is not set',
    );
  });

  it('is shown without its password', () => {
    expect(describeStore('postgres://a:secret@db.example:5432/holdfast')).toBe(
      'postgres://db.example:5432/holdfast',
    );
    expect(describeStore('sqlite:/data/holdfast.db')).toBe('sqlite:/data/holdfast.db');
  });
});
