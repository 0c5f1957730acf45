import { Argument, Command } from '@commander-js/extra-typings';
import { bashScript } from '../completion/bash.js';
import { commandTree } from '../completion/command-tree.js';
import { fishScript } from '../completion/fish.js';
import { serverCommand, withHoldfast } from '../context.js';

/** A shell waits for the answer while a person types: late words are worse than none. */
const COMPLETE_DEADLINE_MS = 4_000;

export function completionCommand() {
  return new Command('completion')
    .description('print a completion script, e.g. for bash: source <(holdfast completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell, _options, command) => {
      const root = commandTree(rootOf(command));
      process.stdout.write(shell === 'fish' ? fishScript(root) : bashScript(root, shell));
    });
}

/** Asked by the scripts: prints words, or nothing when there is no server. */
export function completeCommand() {
  return serverCommand('__complete')
    .addArgument(new Argument('<what>').choices(['ids']))
    .action(async (_what, options) => {
      const timer = setTimeout(() => process.exit(0), COMPLETE_DEADLINE_MS);
      try {
        const instances = await withHoldfast(options, ({ holdfast }) => holdfast.list());
        process.stdout.write(instances.map(({ id }) => `${id}\n`).join(''));
      } catch {
        // A shell has no place for an error while somebody types; the command itself will say it.
      } finally {
        clearTimeout(timer);
      }
    });
}

function rootOf(command: { readonly parent: unknown }): Parameters<typeof commandTree>[0] {
  let current = command as Parameters<typeof commandTree>[0];
  while (current.parent !== null) current = current.parent;
  return current;
}
