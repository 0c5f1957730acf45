import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isSameProcess, type ServerIdentity } from './process-identity.js';
import { openLog } from './server-log.js';

/** Exit status with which `flock` says that somebody else holds the lock; the server itself never uses it. */
export const LOCK_CONFLICT_STATUS = 75;

/** How long the server may take to put its database in order before it is killed. */
const TERMINATE_TIMEOUT_MS = 10_000;
/** How often a server that is not our child is looked at. */
const ADOPTED_POLL_MS = 500;
const CLIENT_VARIABLES = /^TEMPORAL_/;

export interface ServerExit {
  /** Null when a signal ended it, or when it was not our child. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A living Temporal server: our child, or one that an earlier process left behind. */
export interface ServerProcess {
  readonly identity: ServerIdentity;
  readonly exited: Promise<ServerExit>;
}

export interface SpawnOptions {
  readonly temporalPath: string;
  readonly arguments: readonly string[];
  /** The server holds this lock for its whole life, so that two servers can never write to one database file. */
  readonly lockFile: string;
  readonly logFile: string;
}

/** Starts the server in a session of its own: Ctrl-C in the terminal reaches the workers first. */
export async function spawnServer(options: SpawnOptions): Promise<ServerProcess> {
  const log = await openLog(options.logFile);
  try {
    const child = spawn(
      'flock',
      [
        // Without a fork, flock becomes the server and the process id is the server's own.
        '--no-fork',
        '--nonblock',
        `--conflict-exit-code=${LOCK_CONFLICT_STATUS}`,
        options.lockFile,
        options.temporalPath,
        ...options.arguments,
      ],
      { stdio: ['ignore', log.fd, log.fd], detached: true, env: serverEnvironment(process.env) },
    );
    const exited = new Promise<ServerExit>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    exited.catch(() => undefined);
    if (child.pid === undefined) {
      await exited;
      throw new Error(`${options.temporalPath} could not be started`);
    }
    child.unref();
    return { identity: identifyProcess(child.pid), exited };
  } finally {
    await log.close();
  }
}

/** A server that lives already and is not our child; undefined when it is gone. */
export function attachServer(identity: ServerIdentity): ServerProcess | undefined {
  if (!isSameProcess(identity)) return undefined;
  return { identity, exited: waitForForeignExit(identity) };
}

/** Ends the server: SIGTERM, so that the database is closed in order, then SIGKILL. */
export async function terminateServer(server: ServerProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isSameProcess(server.identity)) return;
    signalQuietly(server.identity.pid, signal);
    const timer = new AbortController();
    await Promise.race([
      server.exited.catch(() => undefined),
      sleep(TERMINATE_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }
}

/** The server takes its orders from its arguments alone, not from variables meant for clients. */
function serverEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !CLIENT_VARIABLES.test(name)));
}

async function waitForForeignExit(identity: ServerIdentity): Promise<ServerExit> {
  while (isSameProcess(identity)) await sleep(ADOPTED_POLL_MS, undefined, { ref: false });
  return { code: null, signal: null };
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
