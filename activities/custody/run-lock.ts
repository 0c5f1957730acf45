import { execa } from 'execa';

const HELD_STATUS = 75;
const CHECK_TIMEOUT_MS = 5_000;

/** True while any process of the run lives. Asked only about runs that nobody is starting, because asking takes the lock. */
export async function isRunLockHeld(lockFile: string): Promise<boolean> {
  const words = ['--shared', '--nonblock', '--conflict-exit-code', String(HELD_STATUS), lockFile, 'true'];
  const { exitCode } = await execa('flock', words, {
    reject: false,
    stdio: 'ignore',
    timeout: CHECK_TIMEOUT_MS,
  });
  return exitCode === HELD_STATUS;
}
