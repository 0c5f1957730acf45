import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import { SqliteConnection } from './sqlite-connection.js';

/** What SQLite says to a rollback after it has rolled back by itself. */
const NO_TRANSACTION = /no transaction is active/;

/** SQLite in a file, in WAL mode: many processes of one machine read and write it together. */
export function sqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteFileDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** One connection, used by one query or transaction at a time. */
class SqliteFileDriver implements Driver {
  readonly #connection: SqliteConnection;
  #turn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => undefined;

  constructor(path: string) {
    this.#connection = new SqliteConnection(path);
  }

  async init(): Promise<void> {
    await this.#connection.open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#turn;
    let endTurn: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      endTurn = resolve;
    });
    await before;
    this.#endTurn = endTurn;
    return this.#connection;
  }

  /** Takes the write lock at once: one taken later fails if another process wrote in between. */
  async beginTransaction(): Promise<void> {
    await this.#connection.command('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.command('commit');
  }

  async rollbackTransaction(): Promise<void> {
    try {
      await this.#connection.command('rollback');
    } catch (error) {
      // A full disk makes SQLite roll back by itself; what the statement said of it is the error to be told.
      if (!NO_TRANSACTION.test((error as Error).message)) throw error;
    }
  }

  releaseConnection(): Promise<void> {
    this.#endTurn();
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
