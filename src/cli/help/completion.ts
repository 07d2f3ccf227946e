import { type Command, defineCommand } from '../command.ts';
import { commonFlags } from '../flag-tables.ts';
import { usageError } from '../flags.ts';
import { flagsOf } from './usage.ts';

/** One command with its path. */
interface Node {
  /** Names from the program to it, with a slash between; empty for the program. */
  readonly path: string;
  readonly command: Command;
}

function nodesBelow(command: Command, path = ''): Node[] {
  const below = (command.commands ?? []).flatMap((one) =>
    nodesBelow(one, path === '' ? one.name : `${path}/${one.name}`),
  );
  return [{ path, command }, ...below];
}

/** Gives the words that may follow a command: the commands below it, and its flags. */
function wordsOf({ commands = [], ...command }: Command): string {
  const flags = flagsOf({ ...command, commands }).map(([name]) => `--${name}`);
  return [...commands.map(({ name }) => name), ...flags].join(' ');
}

/** Gives the lines of two `case` statements: the next command for a command and a word, and the words of a command. */
function casesOf(nodes: readonly Node[]) {
  const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const named = nodes.filter(({ path }) => path !== '');
  return {
    steps: named.map(
      ({ path }) => `      "${parentOf(path)}:${nameOf(path)}") command="${path}" ;;`,
    ),
    words: nodes.map(({ path, command }) => `    "${path}") list="${wordsOf(command)}" ;;`),
  };
}

/** Begins a function of bash or zsh that finds the words to offer; `typed` expands to the words before the one that is completed. */
function findList(nodes: readonly Node[], typed: string): string {
  const { steps, words } = casesOf(nodes);
  return `_imageset_mirror() {
  local command="" list="" word
  for word in "\${${typed}}"; do
    case "$command:$word" in
${steps.join('\n')}
    esac
  done
  case "$command" in
${words.join('\n')}
  esac`;
}

function bash(nodes: readonly Node[]): string {
  return `# bash completion for imageset-mirror
${findList(nodes, 'COMP_WORDS[@]:1:COMP_CWORD-1')}
  COMPREPLY=($(compgen -W "$list" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _imageset_mirror imageset-mirror
`;
}

function zsh(nodes: readonly Node[]): string {
  return `#compdef imageset-mirror
${findList(nodes, '(@)words[2,CURRENT-1]')}
  compadd -- \${=list}
  _files
}
if [ "$funcstack[1]" = "_imageset-mirror" ]; then _imageset_mirror "$@"; else compdef _imageset_mirror imageset-mirror; fi
`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

/** Writes fish's condition: this command was written, and none of those below it. */
function conditionOf({ path, command }: Node): string {
  const below = (command.commands ?? []).map(({ name }) => name);
  const seen =
    path === '' ? [] : path.split('/').map((name) => `__fish_seen_subcommand_from ${name}`);
  const not = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  return quote([...seen, ...not].join('; and '));
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap((node) => {
    const start = `complete -c imageset-mirror -n ${conditionOf(node)}`;
    const commands = (node.command.commands ?? []).map(
      ({ name, summary }) => `${start} -a ${name} -d ${quote(summary)}`,
    );
    const flags = flagsOf(node.command).map(([name, { short, type, help }]) =>
      [
        ...[start, '-l', name, ...(short === undefined ? [] : ['-s', short])],
        ...[...(type === 'bool' ? [] : ['-r']), '-d', quote(help)],
      ].join(' '),
    );
    return [...commands, ...flags];
  });
  return `# fish completion for imageset-mirror\n${lines.join('\n')}\n`;
}

const shells: Readonly<Record<string, (nodes: readonly Node[]) => string>> = { bash, zsh, fish };

/** Makes the command that prints a completion script for the program. */
export function defineCompletion(program: () => Command): Command {
  return defineCommand({
    name: 'completion',
    usage: ['completion bash|zsh|fish'],
    summary: 'print a script that completes commands and flags',
    flags: commonFlags,
    prepare({ words: [shell = ''] }, world) {
      const write = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
      if (!write) {
        throw usageError(`completion needs a shell, not "${shell}"`, 'Name bash, zsh or fish.');
      }
      return async () => {
        world.stdout.write(write(nodesBelow(program())));
        return 0;
      };
    },
  });
}
