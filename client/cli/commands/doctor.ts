import type { CheckResult } from '../../doctor/index.js';
import { readingCommand, withHoldfast, type ServerOptions } from '../context.js';
import { EXIT } from '../errors.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { findConfigFile, readClientSettings } from '../settings.js';
import { renderChecks } from '../view/checks.js';

export function doctorCommand() {
  return readingCommand('doctor')
    .description('check tools, devices, disk, server and store, and say how to mend each')
    .option('--queue <name>', 'check only that a worker polls this task queue (for health checks)')
    .option('--here', 'with --queue: a worker of this machine or container')
    .action(async (options) => {
      const results =
        options.queue === undefined
          ? await examineAll(options)
          : [await examineQueue(options, options.queue, options.here === true)];
      const isWell = results.every((result) => result.status !== 'failed');
      if (options.json === true) printJson({ ok: isWell, checks: results });
      else printLines(renderChecks(results, stdoutView().colours));
      if (!isWell) process.exitCode = EXIT.failed;
    });
}

async function examineAll(options: ServerOptions): Promise<readonly CheckResult[]> {
  const { examine } = await import('../../doctor/index.js');
  const settings = await settingsOrNone(options.config);
  return examine({
    configFile: findConfigFile(options.config),
    dataDir: settings.dataDir,
    connection: {
      address: options.address ?? settings.address,
      namespace: options.namespace ?? settings.namespace,
      profile: options.profile ?? settings.profile,
    },
  });
}

/** A file that cannot be read at all is one of the findings, not the end of the examination. */
async function settingsOrNone(named: string | undefined) {
  try {
    return await readClientSettings(named);
  } catch {
    return { dataDir: process.cwd(), address: undefined, namespace: undefined, profile: undefined };
  }
}

function examineQueue(options: ServerOptions, queue: string, here: boolean): Promise<CheckResult> {
  return withHoldfast(options, async ({ client }) => {
    const { checkPollers } = await import('../../doctor/index.js');
    return checkPollers(client, queue, here);
  });
}
