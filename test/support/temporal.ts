import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  findTemporal,
  startEmbeddedServer,
  type EmbeddedServer,
} from '../../workers/embedded-server/index.js';

/** The Temporal CLI that `scripts/setup` has found or made. */
export function temporalPath(): string {
  return findTemporal();
}

export interface TestServer {
  readonly address: string;
  readonly namespace: string;
  readonly server: EmbeddedServer;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** A real Temporal server on a free port, without its Web UI, with a database of its own. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-temporal-'));
  try {
    const logger = pino({ level: 'warn' }, pino.destination(2));
    const server = await startEmbeddedServer({ dataDir, port: 0, uiPort: null, logger });
    const stop = async (): Promise<void> => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { address: server.address, namespace: server.namespace, server, stop };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}
