import { Command } from '@commander-js/extra-typings';
import { HoldfastError } from '../../library/errors.js';
import { checkOutput, type OutputSent } from '../../library/outputs.js';
import { readingCommand, withHoldfast } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { parseJsonObject } from '../parse-json.js';
import { outputRows, renderOutputs } from '../view/output-table.js';
import { coloursFor, paintState } from '../view/colours.js';
import { plainText } from '../view/text-width.js';

const CAPTURE_ARGUMENT = ['<id>', 'the capture: kind/name, or the name where it is unique'] as const;
const NAME_ARGUMENT = ['<name>', 'name of the output'] as const;

export function outputCommand() {
  return new Command('output')
    .description("change a live capture's outputs")
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(resumeCommand());
}

function listCommand() {
  return readingCommand('list')
    .description('outputs of a capture: where to, state, figures')
    .argument(...CAPTURE_ARGUMENT)
    .action((id, options) =>
      withHoldfast(options, async ({ holdfast }) => {
        const instance = await holdfast.show(id);
        if (instance.kind !== 'capture') {
          throw new HoldfastError('invalid_input', `${instance.id} has no outputs; only captures have`);
        }
        if (instance.status === null) {
          throw new HoldfastError('no_worker', `${instance.id}: ${instance.statusProblem ?? 'no status'}`);
        }
        const rows = outputRows(instance);
        if (options.json === true) return printJson(rows);
        if (rows.length === 0) return printLines([`${instance.id} has no outputs`]);
        printLines(renderOutputs(rows, stdoutView()));
      }),
    );
}

function addCommand() {
  return readingCommand('add')
    .description('add an output to a live capture; the next `apply` removes it unless the file has it too')
    .argument(...CAPTURE_ARGUMENT)
    .argument('<json>', 'the output as in the config, e.g. {"name":"tape","kind":"record"}')
    .action(async (id, json, options) => {
      const output = parseJsonObject(json, 'output');
      // Before a server is looked for: what is wrong with it is wrong anywhere.
      await checkOutput(output);
      await withHoldfast(options, async ({ holdfast }) =>
        printChange(await holdfast.addOutput(id, output), options.json),
      );
    });
}

function removeCommand() {
  return readingCommand('remove')
    .description('end an output of a live capture and remove it')
    .argument(...CAPTURE_ARGUMENT)
    .argument(...NAME_ARGUMENT)
    .action((id, name, options) =>
      withHoldfast(options, async ({ holdfast }) =>
        printChange(await holdfast.removeOutput(id, name), options.json),
      ),
    );
}

function resumeCommand() {
  return readingCommand('resume')
    .description('start an output again that has stopped, e.g. a recording after space was freed')
    .argument(...CAPTURE_ARGUMENT)
    .argument(...NAME_ARGUMENT)
    .action((id, name, options) =>
      withHoldfast(options, async ({ holdfast }) =>
        printChange(await holdfast.resumeOutput(id, name), options.json),
      ),
    );
}

/** Says what has become of the output: `capture/hdmi tape: starting (connecting)`. */
function printChange(sent: OutputSent, json: boolean | undefined): void {
  if (json === true) return printJson(sent);
  const { id, name, output, state } = sent;
  if (output === null) return printLines([`${id} ${name}: ${state === null ? 'taken' : 'removed'}`]);
  const colours = coloursFor(process.stdout, process.env);
  const detail = output.detail === '' ? '' : ` (${plainText(output.detail)})`;
  printLines([`${id} ${name}: ${paintState(colours, output.state, output.state)}${detail}`]);
}
