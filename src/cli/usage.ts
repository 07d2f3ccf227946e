import type { Command } from './command.ts';
import type { FlagSpec } from './flags.ts';

const program = 'imageset-mirror';

function formatFlag(name: string, spec: FlagSpec): { head: string; help: string } {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  const type = spec.type === 'bool' ? '' : ` ${spec.type}`;
  const isPlain = spec.default === undefined || spec.default === '0';
  return {
    head: `  ${short}--${name}${type}`,
    help: isPlain ? spec.help : `${spec.help} (default ${spec.default})`,
  };
}

function align(rows: readonly { readonly head: string; readonly help: string }[]): string {
  const width = Math.max(...rows.map((row) => row.head.length)) + 3;
  return rows.map((row) => `${row.head.padEnd(width)}${row.help}\n`).join('');
}

/** Formats the usage text of a command: its forms, the other commands, its flags; hidden flags are left out. */
export function formatUsage(command: Command, others: readonly Command[]): string {
  const forms = command.usage.map((form) => `  ${program} ${form}\n`).join('');
  const flags = Object.entries(command.flags)
    .filter(([, spec]) => !spec.hidden)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, spec]) => formatFlag(name, spec));
  const commands = others.map(({ name, summary }) => ({ head: `  ${name}`, help: summary }));
  const list = commands.length === 0 ? '' : `\nAvailable Commands:\n${align(commands)}`;
  return `Usage:\n${forms}${list}\nFlags:\n${align(flags)}`;
}
