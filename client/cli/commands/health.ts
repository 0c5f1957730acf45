import { Command } from '@commander-js/extra-typings';
import { HoldfastError } from '../../library/errors.js';
import { CONFIG_OPTION } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { readClientSettings } from '../settings.js';
import { renderHealth } from '../view/health-table.js';

/** `holdfast health`: how the sources fare. Reads the store; needs no server. */
export function healthCommand() {
  return new Command('health')
    .description('how the sources fare: breaker, success rates, latency, error patterns')
    .argument('[source]', 'only this one: its name, or source/name')
    .option(...CONFIG_OPTION)
    .option('--json', 'print one JSON document')
    .action(async (source, options) => {
      const { storeUrl } = await readClientSettings(options.config);
      const { readHealth } = await import('../../health/read-health.js');
      const name = source?.replace(/^source\//, '');
      const report = await readHealth(storeUrl, Date.now(), name === undefined ? undefined : [name]);
      if (name !== undefined && report.sources.length === 0) {
        throw new HoldfastError('unknown_instance', `the store knows no source ${name}`);
      }
      if (options.json === true) return printJson(report);
      printLines(renderHealth(report, stdoutView()));
    });
}
