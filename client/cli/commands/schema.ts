import { Command } from '@commander-js/extra-typings';
import { printJson } from '../output.js';

/** Prints the JSON Schema of the configuration, for editors. */
export function schemaCommand() {
  return new Command('schema')
    .description('print the JSON Schema (draft 2020-12) of the configuration file, for editors')
    .option('--json', 'print one JSON document (it always does)')
    .action(async () => {
      const { configJsonSchema } = await import('../../../core/config/json-schema.js');
      printJson(configJsonSchema());
    });
}
