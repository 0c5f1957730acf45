import { Command } from '@commander-js/extra-typings';
import type { ConfigError, LoadedConfig } from '../../config-file/index.js';
import { CONFIG_OPTION } from '../context.js';
import { EXIT } from '../errors.js';
import { printJson, printLines } from '../output.js';
import { requireConfigFile } from '../settings.js';

/** Checks a configuration file and tells all errors at once. Exit status 2 when there are any. */
export function checkCommand() {
  return new Command('check')
    .description('check a configuration file: all errors at once, with line and key')
    .option(...CONFIG_OPTION)
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      await check(requireConfigFile(options.config), options.json === true);
    });
}

async function check(file: string, json: boolean): Promise<void> {
  const { ConfigErrors, formatConfigErrors, loadConfigFile } = await import('../../config-file/index.js');
  try {
    const loaded = await loadConfigFile(file);
    if (json)
      return printJson({ file, valid: true, ...countsOf(loaded), errors: [], warnings: loaded.warnings });
    if (loaded.warnings.length > 0) process.stderr.write(`${formatConfigErrors(file, loaded.warnings)}\n`);
    printLines([summaryOf(file, loaded)]);
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    process.exitCode = EXIT.usage;
    if (json) return printJson({ file, valid: false, errors: error.errors.map(withNull), warnings: [] });
    process.stderr.write(`${error.message}\n${plural(error.errors.length, 'error')}\n`);
  }
}

/** JSON has no undefined: a value that is missing or must not be shown is null. */
function withNull(error: ConfigError): ConfigError {
  return { ...error, value: error.value ?? null };
}

function countsOf({ config }: LoadedConfig) {
  return {
    streams: config.streams.length,
    captures: config.captures.length,
    sources: config.sources.length,
    sinks: config.notify.length,
  };
}

function summaryOf(file: string, loaded: LoadedConfig): string {
  const { streams, captures, sources, sinks } = countsOf(loaded);
  const entries = [
    plural(streams, 'stream'),
    plural(captures, 'capture'),
    plural(sources, 'source'),
    plural(sinks, 'notification sink'),
  ].join(', ');
  const warnings = loaded.warnings.length === 0 ? '' : `; ${plural(loaded.warnings.length, 'warning')}`;
  return `${file} is valid: ${entries}${warnings}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
