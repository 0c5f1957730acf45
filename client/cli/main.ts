import { CommanderError } from '@commander-js/extra-typings';
import { describeError, EXIT, exitStatusOf } from './errors.js';
import { createProgram } from './program.js';
import { coloursFor } from './view/colours.js';

/** Runs one command line. Sets the exit status: 0 done, 1 failed, 2 wrong usage or config. Never throws. */
export async function main(argv: string[]): Promise<void> {
  // `holdfast list | head`: a reader that has seen enough is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the message or the help already.
      const ownStatus = error.exitCode === 0 || error.code === 'commander.error';
      process.exitCode = ownStatus ? error.exitCode : EXIT.usage;
      return;
    }
    const colours = coloursFor(process.stderr, process.env);
    process.stderr.write(`${colours.red('error:')} ${describeError(error, process.env)}\n`);
    process.exitCode = exitStatusOf(error);
  }
}
