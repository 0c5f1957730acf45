import { setTimeout as sleep } from 'node:timers/promises';
import { requestCustodianLock, type HeldLock } from '../../activities/custody/custodian-lock.js';

/** An `up` that was just told to stop needs a few seconds, and the next one should not be refused for that. */
const OWNER_WAIT_MS = 5_000;

/** Another `holdfast up` lives on the same data directory. */
export class DataDirBusyError extends Error {
  constructor(lockFile: string) {
    super(
      `another holdfast up runs on this data_dir (it holds ${lockFile}); stop it or use another data_dir`,
    );
    this.name = 'DataDirBusyError';
  }
}

/**
 * Takes the right to look after the server of a data directory. The kernel takes it back when this process dies.
 * Throws a `DataDirBusyError` when another process keeps it.
 */
export async function takeOwnerLock(lockFile: string): Promise<HeldLock> {
  const request = requestCustodianLock(lockFile, () => undefined);
  const timer = new AbortController();
  const lock = await Promise.race([
    request.held,
    sleep(OWNER_WAIT_MS, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  if (lock !== undefined) return lock;
  await request.withdraw();
  throw new DataDirBusyError(lockFile);
}
