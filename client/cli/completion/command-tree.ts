import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** A command as the completion scripts need it. */
export interface CommandNode {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly long: string;
    readonly description: string;
    readonly choices: readonly string[];
  }[];
  readonly children: readonly CommandNode[];
  /** Its first argument is an instance id. */
  readonly takesId: boolean;
  /** Words for its first or second argument that are known beforehand. */
  readonly words: readonly string[];
}

/** Values of arguments that are not instances. */
const ARGUMENT_WORDS: Readonly<Record<string, readonly string[]>> = {
  signal: ['hdmiRestored', 'hdmiLost', 'fetchNow', 'resetBreaker'],
  completion: ['bash', 'zsh', 'fish'],
};

/** Reads the tree of visible commands. */
export function commandTree(command: CommandUnknownOpts): CommandNode {
  const visible = new Set(command.createHelp().visibleCommands(command));
  return {
    name: command.name(),
    description: command.description(),
    options: command.options
      .filter((option) => !option.hidden && option.long !== undefined && option.long !== null)
      .map((option) => ({
        long: option.long ?? '',
        description: option.description,
        choices: option.argChoices ?? [],
      })),
    children: command.commands.filter((child) => visible.has(child)).map(commandTree),
    takesId: command.registeredArguments[0]?.name() === 'id',
    words: ARGUMENT_WORDS[command.name()] ?? [],
  };
}

/** Commands that run something, each with the words that lead to it: `output add`. */
export function leafCommands(
  root: CommandNode,
  path: readonly string[] = [],
): { path: string; node: CommandNode }[] {
  return root.children.flatMap((child) => {
    const own = [...path, child.name];
    return child.children.length > 0 ? leafCommands(child, own) : [{ path: own.join(' '), node: child }];
  });
}
