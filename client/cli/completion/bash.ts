import { leafCommands, type CommandNode } from './command-tree.js';

/** A completion script for bash; `dialect` adds what zsh needs to run the same function. */
export function bashScript(root: CommandNode, dialect: 'bash' | 'zsh' = 'bash'): string {
  const { name } = root;
  const groups = root.children.filter((child) => child.children.length > 0);
  return `${dialect === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : ''}_${name}() {
  local current previous command choices word i
  current="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  command=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && continue
    if [[ -z "$command" ]]; then command="$word"
    else
      case "$command" in
        ${groups.length > 0 ? groups.map((group) => group.name).join('|') : '""'}) command="$command $word" ;;
      esac
      break
    fi
  done
  case "$command $previous" in
${choiceCases(root)}    *" -c"|*" --config"|*" --jsonl") COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  choices=""
  case "$command" in
    "") choices="${root.children.map((child) => child.name).join(' ')}" ;;
${commandCases(root)}  esac
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

/** `"list --kind") ...`: what may stand after an option. */
function choiceCases(root: CommandNode): string {
  return leafCommands(root)
    .flatMap(({ path, node }) =>
      node.options
        .filter((option) => option.choices.length > 0)
        .map((option) => {
          const words = option.choices.join(' ');
          return `    "${path} ${option.long}") COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;\n`;
        }),
    )
    .join('');
}

/** `"show") ...`: what may stand after a command. Instances are asked for only when no option is being typed. */
function commandCases(root: CommandNode): string {
  const groups = root.children
    .filter((child) => child.children.length > 0)
    .map(
      (group) => `    "${group.name}") choices="${group.children.map((child) => child.name).join(' ')}" ;;\n`,
    );
  const leaves = leafCommands(root).map(({ path, node }) => {
    const words = [...node.words, ...node.options.map((option) => option.long)].join(' ');
    const ids = node.takesId
      ? `[[ "$current" != -* ]] && choices="$choices $(${root.name} __complete ids 2>/dev/null)"`
      : '';
    return `    "${path}") choices="${words}"${ids === '' ? '' : `; ${ids}`} ;;\n`;
  });
  return [...groups, ...leaves].join('');
}
