import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../activities/custody/project-root.js';

/** What a process uses, by its own account. */
export interface Observation {
  /** Requests to its Temporal server so far, by method. */
  readonly calls: Readonly<Record<string, number>>;
  /** JavaScript's heap and what hangs on it. */
  readonly usedBytes: number;
  readonly residentBytes: number;
  /** So far. */
  readonly cpuSeconds: number;
  readonly descriptors: number;
}

/** Environment of a program that shall be observed at this socket. */
export function observedAt(socketPath: string): Readonly<Record<string, string>> {
  const observer = pathToFileURL(join(projectRoot(), 'test/fixtures/observed-process.mjs')).href;
  return { NODE_OPTIONS: `--import=${observer}`, HOLDFAST_TEST_OBSERVER: socketPath };
}

/** Asks the process at a socket; with `collect` it collects its garbage before it answers. */
export async function observe(socketPath: string, how: 'look' | 'collect'): Promise<Observation> {
  const socket = createConnection(socketPath);
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.write(how);
  await once(socket, 'end');
  return JSON.parse(text) as Observation;
}

/** Requests to Temporal between two observations. */
export function callsBetween(before: Observation, after: Observation): number {
  return callsOf(after) - callsOf(before);
}

function callsOf({ calls }: Observation): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
