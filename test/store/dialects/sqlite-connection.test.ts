/**
 * Goal: a connection that keeps its statements ready answers as one that prepares each anew: after failures, beside another program that
 * changes the tables, and after more statements than it keeps. Method: real files, two connections.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { SqliteConnection } from '../../../store/dialects/sqlite-connection.js';

let folder: string;
let connection: SqliteConnection;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-statements-'));
  connection = new SqliteConnection(join(folder, 'a.db'));
  await connection.command('create table item (id integer primary key, name text not null unique)');
});
afterEach(async () => {
  connection.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (sql: string, ...parameters: unknown[]) =>
  await connection.executeQuery(CompiledQuery.raw(sql, parameters));
const rowsOf = async (sql: string, ...parameters: unknown[]) => (await ask(sql, ...parameters)).rows;
const insert = async (name: string | null) => await ask('insert into item (name) values (?)', name);

describe('a statement that is run again', () => {
  it('takes the parameters of each time and tells what each has changed', async () => {
    expect([await insert('a'), await insert('b')]).toMatchObject([
      { numAffectedRows: 1n, insertId: 1n },
      { numAffectedRows: 1n, insertId: 2n },
    ]);
    expect(await rowsOf('select name from item where id = ?', 2)).toEqual([{ name: 'b' }]);
    expect(await rowsOf('select name from item where id = ?', 1)).toEqual([{ name: 'a' }]);
    expect(await rowsOf('select name from item where id = ?', 9)).toEqual([]);
  });

  it('works after it has failed, in a transaction and without one', async () => {
    await insert('a');
    await expect(insert('a')).rejects.toThrow(/UNIQUE/);
    await insert('b');
    await connection.command('begin immediate');
    await expect(insert(null)).rejects.toThrow(/NOT NULL/);
    await insert('c');
    await connection.command('commit');
    expect(await rowsOf('select name from item order by id')).toEqual([
      { name: 'a' },
      { name: 'b' },
      { name: 'c' },
    ]);
  });

  it('sees columns that another program has added and removed since', async () => {
    await insert('a');
    const everything = 'select * from item';
    expect(await rowsOf(everything)).toEqual([{ id: 1, name: 'a' }]);
    const other = new SqliteConnection(join(folder, 'a.db'));
    await other.command(`alter table item add column colour text default 'red'`);
    expect(await rowsOf(everything)).toEqual([{ id: 1, name: 'a', colour: 'red' }]);
    await other.command('alter table item drop column colour');
    expect(await rowsOf(everything)).toEqual([{ id: 1, name: 'a' }]);
    other.close();
  });

  it('leaves nothing behind that keeps another program from writing or the file from being folded up', async () => {
    await insert('a');
    await rowsOf('select name from item');
    const other = new SqliteConnection(join(folder, 'a.db'));
    await other.command(`insert into item (name) values ('b')`);
    const checkpoint = CompiledQuery.raw('pragma wal_checkpoint(truncate)');
    expect((await other.executeQuery(checkpoint)).rows).toMatchObject([{ busy: 0 }]);
    expect(await rowsOf('select name from item')).toHaveLength(2);
    other.close();
  });

  it('is forgotten when many others have come, and prepared again', async () => {
    await insert('a');
    for (let number = 0; number < 500; number += 1) {
      expect(await rowsOf(`select ${number} as number, name from item`)).toEqual([{ number, name: 'a' }]);
    }
    await insert('b');
    expect(await rowsOf('select count(*) as count from item')).toEqual([{ count: 2 }]);
  });

  it('is prepared anew by a connection that was closed and is used again', async () => {
    await insert('a');
    connection.close();
    await insert('b');
    expect(await rowsOf('select name from item')).toHaveLength(2);
  });
});
