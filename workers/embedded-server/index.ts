import { findTemporal } from './find-temporal.js';
import { Guardian } from './guardian.js';
import { addressOf, adoptServer, launchServer, uiUrlOf, type LaunchContext } from './launch.js';
import type { EmbeddedServer, EmbeddedServerOptions } from './options.js';
import { takeOwnerLock } from './owner-lock.js';
import { prepareFiles, removeServerFile } from './server-files.js';
import { keepLogBounded } from './server-log.js';

export { findTemporal } from './find-temporal.js';
export { DataDirBusyError } from './owner-lock.js';
export { ServerStartError } from './readiness.js';
export type { EmbeddedServer, EmbeddedServerOptions } from './options.js';

/**
 * Starts the embedded Temporal server of a data directory, or takes over the one that a crashed process left running,
 * and looks after it: it is restarted when it dies and ends with `stop()`.
 *
 * Throws a `DataDirBusyError` when another process looks after it, and a `ServerStartError` with the end of the log
 * when the server does not come up.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const temporalPath = options.temporalPath ?? findTemporal();
  const namespace = options.namespace ?? 'default';
  const files = await prepareFiles(options.dataDir);
  const lock = await takeOwnerLock(files.ownerLock);
  try {
    const context: LaunchContext = { options, temporalPath, namespace, files };
    const launched = (await adoptServer(context)) ?? (await launchServer(context));
    const guardian = new Guardian(context, launched);
    const endLogKeeping = keepLogBounded(files.log);
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      endLogKeeping();
      await guardian.stop();
      await removeServerFile(files.serverFile);
      await lock.release();
    };
    return {
      address: addressOf(launched.place),
      uiUrl: uiUrlOf(launched.place),
      namespace,
      adopted: launched.adopted,
      pid: () => guardian.pid,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
