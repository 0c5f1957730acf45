import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { logTail } from './server-log.js';
import { LOCK_CONFLICT_STATUS, type ServerExit, type ServerProcess } from './server-process.js';

/** A server with a large database on a slow disk needs a while; one that needs longer is broken. */
export const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const PROBE_EVERY_MS = 50;

/** The server did not come up. */
export class ServerStartError extends Error {
  readonly exit: ServerExit | null;
  readonly logTail: string;
  constructor(message: string, exit: ServerExit | null, tail: string) {
    super(tail === '' ? message : `${message}; the end of its log:\n${tail}`);
    this.name = 'ServerStartError';
    this.exit = exit;
    this.logTail = tail;
  }
}

export interface ReadinessOptions {
  readonly address: string;
  readonly namespace: string;
  readonly logFile: string;
  readonly timeoutMs?: number;
}

/** Waits until the server answers for its namespace. Throws a `ServerStartError` when it ends or takes too long. */
export async function waitUntilServing(server: ServerProcess, options: ReadinessOptions): Promise<void> {
  const timeoutMs = options.timeoutMs ?? READY_TIMEOUT_MS;
  const deadline = Date.now() + timeoutMs;
  const ended = server.exited.then(
    (exit) => ({ exit }),
    (error: unknown) => ({ error }),
  );
  for (;;) {
    const seen = await Promise.race([ended, probe(options.address, options.namespace)]);
    if (seen === true) return;
    if (seen !== false) throw await endedError(seen, options.logFile);
    if (Date.now() > deadline) {
      const message = `the Temporal server does not answer at ${options.address} within ${timeoutMs} ms`;
      throw new ServerStartError(message, null, await logTail(options.logFile));
    }
    await sleep(PROBE_EVERY_MS);
  }
}

/** True when the server answers for the namespace now. */
export async function probe(address: string, namespace: string): Promise<boolean> {
  // gRPC waits a second after a refused connection; looking at the port first saves that second of every start.
  if (!(await accepts(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: PROBE_TIMEOUT_MS });
    const service = connection.workflowService;
    await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
      service.describeNamespace({ namespace }),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

/** True when something listens at the address. */
async function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect({ host: hostname, port: Number(port), timeout: PROBE_TIMEOUT_MS });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('timeout', () => resolve(false));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}

async function endedError(
  seen: { exit: ServerExit } | { error: unknown },
  logFile: string,
): Promise<ServerStartError> {
  if ('error' in seen) return new ServerStartError(`cannot start: ${String(seen.error)}`, null, '');
  const { exit } = seen;
  if (exit.code === LOCK_CONFLICT_STATUS) {
    const message = 'another Temporal server still uses the database of this data_dir; end it first';
    return new ServerStartError(message, exit, '');
  }
  const how = exit.signal === null ? `status ${exit.code ?? 'unknown'}` : exit.signal;
  return new ServerStartError(`the Temporal server ended with ${how}`, exit, await logTail(logFile));
}
