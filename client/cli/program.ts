import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { applyCommand } from './commands/apply.js';
import { checkCommand } from './commands/check.js';
import { completeCommand, completionCommand } from './commands/completion.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { gapsCommand } from './commands/gaps.js';
import { gatewayCommand } from './commands/gateway.js';
import { healthCommand } from './commands/health.js';
import { jobCommand } from './commands/job.js';
import { listCommand } from './commands/list.js';
import { pauseCommand, resumeCommand, retryCommand } from './commands/messages.js';
import { outputCommand } from './commands/output.js';
import { schemaCommand } from './commands/schema.js';
import { setupCommand } from './commands/setup.js';
import { showCommand } from './commands/show.js';
import { signalCommand } from './commands/signal.js';
import { sourceCommand } from './commands/source.js';
import { stopCommand } from './commands/stop.js';
import { upCommand } from './commands/up.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import { packageVersion } from '../package-version.js';
import { CONFIG_OPTION } from './context.js';
import { UsageError } from './errors.js';
import { coloursFor } from './view/colours.js';

/** The whole command line. Nothing is run yet. */
export function createProgram(): CommandUnknownOpts {
  const colours = coloursFor(process.stdout, process.env);
  const program = new Command('holdfast')
    .description('Live ingest that holds: recordings, captures and sources as durable workflows.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option(...CONFIG_OPTION)
    .option('--address <host:port>', 'Temporal server')
    .option('--namespace <name>', 'Temporal namespace')
    .option('--profile <name>', 'profile of the Temporal client configuration')
    .option('--json', 'print one JSON document')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({
      styleTitle: (text) => colours.bold(text),
      styleCommandText: (text) => colours.cyan(text),
      styleSubcommandText: (text) => colours.cyan(text),
      styleOptionText: (text) => colours.cyan(text),
    })
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .hook('preSubcommand', (_program, command) => handOptionsDown(program, command));
  addGroup(program, 'Run:', [upCommand(), applyCommand(), workerCommand(), gatewayCommand()]);
  addGroup(program, 'Look:', [listCommand(), showCommand(), watchCommand(), gapsCommand(), healthCommand()]);
  addGroup(program, 'Steer:', [
    pauseCommand(),
    resumeCommand(),
    stopCommand(),
    retryCommand(),
    signalCommand(),
    outputCommand(),
  ]);
  addGroup(program, 'Make:', [jobCommand()]);
  addGroup(program, 'Set up and check:', [
    checkCommand(),
    schemaCommand(),
    setupCommand(),
    doctorCommand(),
    explainCommand(),
    sourceCommand(),
    completionCommand(),
  ]);
  program.addCommand(inheriting(completeCommand(), program), { hidden: true });
  return program;
}

function addGroup(
  program: CommandUnknownOpts,
  heading: string,
  commands: readonly CommandUnknownOpts[],
): void {
  for (const command of commands) program.addCommand(inheriting(command.helpGroup(heading), program));
}

/** Commands that are added, not created, by their parent know nothing of its settings. */
function inheriting(command: CommandUnknownOpts, program: CommandUnknownOpts): CommandUnknownOpts {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inheriting(child, program);
  return command;
}

/** `holdfast --json list` means `holdfast list --json`. */
function handOptionsDown(program: CommandUnknownOpts, command: CommandUnknownOpts): void {
  for (const [key, value] of Object.entries(program.opts())) {
    if (program.getOptionValueSource(key) !== 'cli') continue;
    if (command.options.some((option) => option.attributeName() === key)) {
      command.setOptionValueWithSource(key, value, 'cli');
    } else if (command.commands.length === 0) {
      throw new UsageError(`\`holdfast ${command.name()}\` does not take --${key}`);
    }
  }
}
