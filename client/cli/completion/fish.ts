import { leafCommands, type CommandNode } from './command-tree.js';

/** A completion script for fish. */
export function fishScript(root: CommandNode): string {
  const { name } = root;
  const lines = [`complete -c ${name} -f`];
  for (const child of root.children) {
    lines.push(
      `complete -c ${name} -n __fish_use_subcommand -a ${child.name} -d ${quoted(child.description)}`,
    );
    for (const grandchild of child.children) {
      const others = child.children.map((each) => each.name).join(' ');
      const condition = `__fish_seen_subcommand_from ${child.name}; and not __fish_seen_subcommand_from ${others}`;
      lines.push(
        `complete -c ${name} -n ${quoted(condition)} -a ${grandchild.name} -d ${quoted(grandchild.description)}`,
      );
    }
  }
  for (const { path, node } of leafCommands(root)) {
    const condition = quoted(
      path
        .split(' ')
        .map((word) => `__fish_seen_subcommand_from ${word}`)
        .join('; and '),
    );
    if (node.takesId)
      lines.push(`complete -c ${name} -n ${condition} -a '(${name} __complete ids 2>/dev/null)'`);
    if (node.words.length > 0)
      lines.push(`complete -c ${name} -n ${condition} -a ${quoted(node.words.join(' '))}`);
    for (const option of node.options) {
      const choices = option.choices.length > 0 ? ` -x -a ${quoted(option.choices.join(' '))}` : '';
      const file = option.long === '--config' || option.long === '--jsonl' ? ' -r -F' : '';
      const long = option.long.replace(/^--/, '');
      lines.push(
        `complete -c ${name} -n ${condition} -l ${long} -d ${quoted(option.description)}${choices}${file}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
