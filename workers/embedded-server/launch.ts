import { serverArguments } from './arguments.js';
import { choosePort, DEFAULT_PORT, DEFAULT_UI_PORT } from './ports.js';
import { ServerStartError, waitUntilServing } from './readiness.js';
import { attachServer, spawnServer, terminateServer, type ServerProcess } from './server-process.js';
import { readServerFile, writeServerFile, type ServerFiles } from './server-files.js';
import type { EmbeddedServerOptions } from './options.js';

/** Where the server listens, for as long as it is looked after. */
export interface ServerPlace {
  readonly port: number;
  readonly uiPort: number | null;
}

export interface Launched {
  readonly server: ServerProcess;
  readonly place: ServerPlace;
  readonly adopted: boolean;
}

export interface LaunchContext {
  readonly options: EmbeddedServerOptions;
  readonly temporalPath: string;
  readonly namespace: string;
  readonly files: ServerFiles;
}

/** Takes over the server that a crashed process left behind; undefined when there is none that answers. */
export async function adoptServer(context: LaunchContext): Promise<Launched | undefined> {
  const { files, namespace, options } = context;
  const known = await readServerFile(files.serverFile);
  const server = known && attachServer(known);
  if (known === undefined || server === undefined) return undefined;
  try {
    await waitUntilServing(server, { address: known.address, namespace, logFile: files.log });
  } catch (error) {
    options.logger.warn({ error: String(error), pid: known.pid }, 'ending a Temporal server that hangs');
    await terminateServer(server);
    return undefined;
  }
  const uiPort = known.uiUrl === null ? null : Number(new URL(known.uiUrl).port);
  const place = { port: Number(known.address.split(':').at(-1)), uiPort };
  options.logger.info({ address: known.address, pid: known.pid }, 'adopted the running Temporal server');
  return { server, place, adopted: true };
}

/** The server also chooses ports of its own for its inner parts, and dies when another program is quicker: then once more. */
const START_TRIES = 3;

/** Starts a server on the ports asked for or on the usual ones, and waits until it serves. */
export async function launchServer(context: LaunchContext): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    const place = await choosePlace(context);
    const server = await startAt(context, place);
    try {
      await serve(context, place, server);
      return { server, place, adopted: false };
    } catch (error) {
      await terminateServer(server);
      const died = error instanceof ServerStartError && error.exit !== null;
      if (attempt >= START_TRIES || !died) throw error;
      context.options.logger.warn({ attempt }, 'the Temporal server died while starting; once more');
    }
  }
}

/** Spawns the server at a place and writes down where it is, so that it can be adopted from the first moment. */
export async function startAt(context: LaunchContext, place: ServerPlace): Promise<ServerProcess> {
  const { temporalPath, namespace, files } = context;
  const server = await spawnServer({
    temporalPath,
    arguments: serverArguments({ ...place, namespace, databaseFile: files.database }),
    lockFile: files.serverLock,
    logFile: files.log,
  });
  await writeServerFile(files.serverFile, {
    address: addressOf(place),
    uiUrl: uiUrlOf(place),
    ...server.identity,
    startedAt: new Date().toISOString(),
  });
  return server;
}

/** Waits until a spawned server serves. */
export async function serve(
  context: LaunchContext,
  place: ServerPlace,
  server: ServerProcess,
): Promise<void> {
  const { namespace, files } = context;
  await waitUntilServing(server, { address: addressOf(place), namespace, logFile: files.log });
}

export function addressOf(place: ServerPlace): string {
  return `127.0.0.1:${place.port}`;
}

export function uiUrlOf(place: ServerPlace): string | null {
  return place.uiPort === null ? null : `http://127.0.0.1:${place.uiPort}`;
}

async function choosePlace({ options }: LaunchContext): Promise<ServerPlace> {
  const port = await chooseAndSay(options, options.port ?? DEFAULT_PORT, 'Temporal');
  if (options.uiPort === null) return { port, uiPort: null };
  const uiPort = await chooseAndSay(options, options.uiPort ?? DEFAULT_UI_PORT, 'the Temporal Web UI');
  return { port, uiPort };
}

async function chooseAndSay(options: EmbeddedServerOptions, wanted: number, what: string): Promise<number> {
  const { port, fellBack } = await choosePort(wanted);
  if (fellBack) {
    options.logger.warn({ wantedPort: wanted, port }, `port ${wanted} is in use; ${what} is at ${port}`);
  }
  return port;
}
