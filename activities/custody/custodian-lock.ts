import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Says that it has the lock, then lives for as long as the other end of its standard input. */
const HOLDER_SCRIPT = 'echo held; exec cat >/dev/null';

/** The right to be the custodian of a data directory. */
export interface HeldLock {
  release(): Promise<void>;
}

export interface LockRequest {
  /** Resolves when the lock is ours; never when it was withdrawn before. */
  readonly held: Promise<HeldLock>;
  /** Gives up waiting. */
  withdraw(): Promise<void>;
}

/**
 * Waits for the lock. Node cannot lock files, so a child holds it: the child ends when our end of its pipe is closed, which the
 * kernel does however we die. It is in a session of its own, because a Ctrl-C must not take the lock away before we are done.
 *
 * @param onLost called when a lock that we held is gone although we did not release it.
 */
export function requestCustodianLock(path: string, onLost: () => void): LockRequest {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const holder = spawn('flock', ['--exclusive', '--no-fork', path, 'sh', '-c', HOLDER_SCRIPT], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let released = false;
  const release = (): Promise<void> => {
    released = true;
    return endHolder(holder);
  };
  const held = new Promise<HeldLock>((resolve, reject) => {
    let isHeld = false;
    holder.on('error', reject);
    holder.stdout.once('data', () => {
      isHeld = true;
      resolve({ release });
    });
    holder.on('exit', (status) => {
      if (released) return;
      if (isHeld) onLost();
      else reject(new Error(`flock on ${path} ended with status ${status}`));
    });
  });
  // The pipe breaks when the holder dies; its exit says all there is to say.
  holder.stdin.on('error', () => {});
  return { held, withdraw: release };
}

/** One that is still waiting for the lock does not look at its input: it needs the signal. */
async function endHolder(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    holder.once('exit', () => resolve());
  });
  holder.stdin?.end();
  holder.kill('SIGTERM');
  await ended;
}
