import type { Stopped } from '../../library/stop-instance.js';
import { readingCommand, withHoldfast } from '../context.js';
import { UsageError } from '../errors.js';
import { printJson, printLines } from '../output.js';
import { printSent } from './messages.js';

export function stopCommand() {
  return readingCommand('stop')
    .description('end the run, finalise its files and complete the workflow')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .option('--wait', 'return when it has stopped, and print its summary')
    .option('--timeout <duration>', 'wait no longer than this', '2m')
    .action(async (id, options) => {
      const timeoutMs = await parseTimeout(options.timeout);
      await withHoldfast(options, async ({ holdfast }) => {
        const wait = options.wait === true;
        const stopped = await holdfast.stop(id, { wait, timeoutMs });
        if (options.json === true) return printJson(stopped);
        printStopped(stopped, wait);
      });
    });
}

async function parseTimeout(value: string): Promise<number> {
  const { parseDurationMs } = await import('../../../core/config/duration.js');
  const ms = parseDurationMs(/^\d+(\.\d+)?$/.test(value) ? Number(value) : value);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`--timeout ${value}: expected seconds or a string like 30s or 2m`);
}

function printStopped(stopped: Stopped, waited: boolean): void {
  if (stopped.alreadyStopped)
    return printLines([`${stopped.id}: was not running any more (${String(stopped.state)})`]);
  printSent(stopped, false);
  if (!waited) return;
  if (stopped.failure !== null) {
    process.exitCode = 1;
    printLines([`it failed: ${stopped.failure}`]);
  }
  if (stopped.summary !== null) printLines([JSON.stringify(stopped.summary, null, 2)]);
}
