import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** Keeps every core busy with loops of the same priority as what is measured, while `work` runs. */
export async function underFullLoad<Result>(work: () => Promise<Result>): Promise<Result> {
  const loops = cpus().map(() => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    await Promise.all(
      loops.map(async (loop) => {
        const ended = once(loop, 'exit');
        loop.kill('SIGKILL');
        await ended;
      }),
    );
  }
}
