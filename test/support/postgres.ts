import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Where Debian and Ubuntu keep the server programs of each version. */
const VERSIONS_DIRECTORY = '/usr/lib/postgresql';
/** The server refuses to run as root; this user comes with the package. */
const SERVICE_USER = 'postgres';
const START_TIMEOUT_SECONDS = 60;

export interface PostgresServer {
  /** Address of a database that is made anew and is empty. */
  createDatabase(name: string): Promise<string>;
  /** Ends every connection and every process of the server, as a power cut would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of `initdb` and `pg_ctl` of the newest version. Throws when PostgreSQL is not installed. */
export function postgresPrograms(): string {
  const versions = existsSync(VERSIONS_DIRECTORY) ? readdirSync(VERSIONS_DIRECTORY) : [];
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((left, right) => right - left)[0];
  if (newest === undefined) {
    throw new Error('PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql');
  }
  return join(VERSIONS_DIRECTORY, String(newest), 'bin');
}

/** Starts a private server in a folder of its own, on a free port of 127.0.0.1. Remove it with `stop`. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms();
  const root = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  const data = join(root, 'data');
  await mkdir(data);
  await chmod(root, 0o755);
  if (userInfo().uid === 0) await execFileAsync('chown', ['-R', SERVICE_USER, root]);
  const port = await freePort();
  await asServiceUser(root, join(programs, 'initdb'), [
    '-D',
    data,
    '-U',
    'holdfast',
    '--auth=trust',
    '-E',
    'UTF8',
    '--no-sync',
  ]);
  const control = async (...command: string[]): Promise<void> => {
    await asServiceUser(root, join(programs, 'pg_ctl'), ['-D', data, '-w', ...command]);
  };
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${root} -c fsync=off`;
  const server: PostgresServer = {
    createDatabase: async (name) => {
      await asServiceUser(root, join(programs, 'createdb'), [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'holdfast',
        name,
      ]);
      return `postgres://holdfast@127.0.0.1:${port}/${name}`;
    },
    crash: () => control('-m', 'immediate', 'stop'),
    start: () =>
      control('-t', String(START_TIMEOUT_SECONDS), '-l', join(root, 'log'), '-o', options, 'start'),
    stop: async () => {
      await control('-m', 'immediate', 'stop').catch(() => undefined);
      await rm(root, { recursive: true, force: true });
    },
  };
  await server.start().catch(async (error: unknown) => {
    await rm(root, { recursive: true, force: true });
    throw error;
  });
  return server;
}

async function asServiceUser(cwd: string, program: string, args: readonly string[]): Promise<void> {
  if (userInfo().uid !== 0) await execFileAsync(program, args, { cwd });
  else await execFileAsync('setpriv', [...privileges(), program, ...args], { cwd });
}

function privileges(): string[] {
  return [`--reuid=${SERVICE_USER}`, `--regid=${SERVICE_USER}`, '--clear-groups', '--'];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
