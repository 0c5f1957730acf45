import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStore } from '../../store/index.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { notification } from '../support/stores.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe('opening a store', () => {
  it('refuses any other kind of address and does not print a password', async () => {
    await expect(openStore('mysql://me:hunter2@db/x')).rejects.toThrow(
      'The store mysql://... is not allowed; expected sqlite:PATH or postgres://...',
    );
    await expect(openStore('sqlite:')).rejects.toThrow('expected sqlite:PATH');
  });

  it('survives a PostgreSQL server that crashes and comes back', async () => {
    const store = await openStore(await postgres.createDatabase('crash'));
    await store.migrate();
    await store.recordNotifications([notification('a')]);
    await postgres.crash();
    await expect(store.recordNotifications([notification('b')])).rejects.toThrow();
    await postgres.start();
    await store.recordNotifications([notification('b')]);
    expect(await store.listNotifications({ limit: 10 })).toHaveLength(2);
    await store.close();
  });
});
