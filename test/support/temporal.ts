import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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

/**
 * A real Temporal server on a free port, without its Web UI, with a database of its own. `dynamicConfig` is what it is told beside the
 * product's own.
 */
export async function startTestServer(
  dynamicConfig: Readonly<Record<string, number>> = {},
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-temporal-'));
  try {
    const logger = pino({ level: 'warn' }, pino.destination(2));
    const told = await temporalTold(dataDir, dynamicConfig);
    const server = await startEmbeddedServer({ dataDir, port: 0, uiPort: null, logger, temporalPath: told });
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

/** A program that is `temporal` with a dynamic configuration. */
async function temporalTold(
  folder: string,
  dynamicConfig: Readonly<Record<string, number>>,
): Promise<string> {
  const values = Object.entries(dynamicConfig);
  if (values.length === 0) return temporalPath();
  const path = join(folder, 'temporal-told');
  const told = values.map(([key, value]) => `--dynamic-config-value=${key}=${value}`).join(' ');
  await writeFile(path, `#!/bin/sh\nexec '${temporalPath()}' "$@" ${told}\n`, { mode: 0o700 });
  return path;
}
