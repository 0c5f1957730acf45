import { Command } from '@commander-js/extra-typings';
import { UsageError } from '../errors.js';
import { readingCommand, withHoldfast } from '../context.js';
import { parseJsonObject } from '../parse-json.js';
import { printSent } from './messages.js';

export function outputCommand() {
  return new Command('output')
    .description("change a live capture's outputs")
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function addCommand() {
  return readingCommand('add')
    .description('add an output to a live capture')
    .argument('<id>', 'the capture')
    .argument('<json>', 'the output as in the config, e.g. {"name":"tape","kind":"record"}')
    .action(async (id, json, options) => {
      const output = parseJsonObject(json, 'output');
      for (const key of ['name', 'kind']) requireText(output, key);
      await withHoldfast(options, async ({ holdfast }) =>
        printSent(await holdfast.addOutput(id, output), options.json),
      );
    });
}

function removeCommand() {
  return readingCommand('remove')
    .description('remove an output from a live capture')
    .argument('<id>', 'the capture')
    .argument('<name>', 'name of the output')
    .action((id, name, options) =>
      withHoldfast(options, async ({ holdfast }) =>
        printSent(await holdfast.removeOutput(id, name), options.json),
      ),
    );
}

function requireText(output: Record<string, unknown>, key: string): void {
  const value = output[key];
  if (typeof value === 'string' && value !== '') return;
  throw new UsageError(`output.${key}: ${JSON.stringify(value) ?? 'missing'}; expected a text`);
}
