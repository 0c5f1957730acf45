import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import Database from 'libsql';

/** How long a statement waits for another writer inside SQLite. It blocks this process, so it is very short. */
const BUSY_TIMEOUT_MS = 10;
/** How long a statement waits in all, without blocking; writers hold the lock for milliseconds. */
const PATIENCE_MS = 10_000;
const RETRY_MIN_MS = 5;
const RETRY_MAX_MS = 50;
/** Statements kept ready, the ones used last; ours are fewer, but for lists of any length. */
const STATEMENTS_MAX = 200;

/** A connection to a file that waits its turn among other writers without blocking the process. */
export class SqliteConnection implements DatabaseConnection {
  readonly #path: string;
  #database: Database.Database | undefined;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Opens the file, and makes it and its folder when they are not there. */
  async open(): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true });
    // Switching to WAL needs the file alone for a moment.
    this.#database = await this.#patiently(() => openDatabase(this.#path));
  }

  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  /** Runs a statement without parameters and result. */
  async command(statement: string): Promise<void> {
    const database = await this.#opened();
    await this.#patiently(() => database.exec(statement));
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const database = await this.#opened();
    // The same statement is run again while the file is busy: libsql leaves a busy one unfinished, which would
    // keep every later transaction of the connection from being committed.
    const statement = this.#takeStatement(database, sql);
    const result = await this.#run<Row>(statement, parameters);
    // A connection that was closed in the meantime has no use for it.
    if (this.#database === database) this.#keepStatement(sql, statement);
    return result;
  }

  async #run<Row>(
    statement: Database.Statement,
    parameters: CompiledQuery['parameters'],
  ): Promise<QueryResult<Row>> {
    if (statement.reader) {
      return { rows: await this.#patiently(() => statement.all(parameters) as Row[]) };
    }
    const { changes, lastInsertRowid } = await this.#patiently(() => statement.run(parameters));
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Preparing a statement takes longer than running most of them. It is taken out: one that fails is not used again. */
  #takeStatement(database: Database.Database, sql: string): Database.Statement {
    const statement = this.#statements.get(sql) ?? database.prepare(sql);
    this.#statements.delete(sql);
    return statement;
  }

  #keepStatement(sql: string, statement: Database.Statement): void {
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > STATEMENTS_MAX && oldest !== undefined) this.#statements.delete(oldest);
  }

  // eslint-disable-next-line require-yield -- the interface wants a generator; nothing of ours streams
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('This store does not stream results');
  }

  async #opened(): Promise<Database.Database> {
    if (this.#database === undefined) await this.open();
    return this.#database as Database.Database;
  }

  async #patiently<Result>(action: () => Result): Promise<Result> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return action();
      } catch (error) {
        const busy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
        if (!busy) throw error;
        if (performance.now() > deadline) {
          // The unfinished statement would spoil the connection: the next query opens a new one.
          this.close();
          throw error;
        }
        await sleep(RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS));
      }
    }
  }
}

function openDatabase(path: string): Database.Database {
  const database = new Database(path);
  try {
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = normal');
    database.exec('pragma foreign_keys = on');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
