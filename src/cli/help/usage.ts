import { compareText } from '../../base/index.ts';
import type { Command } from '../command.ts';
import { commonFlags, versionFlag } from '../flag-tables.ts';
import type { FlagSpec } from '../flags.ts';
import { helpOf } from './help.ts';

const program = 'imageset-mirror';
/** Columns of the narrowest usual terminal. */
const width = 80;

function formatFlag(name: string, spec: FlagSpec): { head: string; help: string } {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  const type = spec.type === 'bool' ? '' : ` ${spec.type}`;
  const isPlain = !spec.default || spec.default === '0';
  return {
    head: `  ${short}--${name}${type}`,
    help: isPlain ? spec.help : `${spec.help} (default ${spec.default})`,
  };
}

function align(rows: readonly { readonly head: string; readonly help: string }[]): string {
  const column = Math.max(...rows.map((row) => row.head.length)) + 3;
  return rows.map((row) => `${row.head.padEnd(column)}${row.help}\n`).join('');
}

/** Breaks a text into lines of at most this width. */
function wrap(text: string): string {
  return text.replaceAll(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n');
}

/** Tells whether every command accepts a flag; `list` has another `--version`. */
function isCommon(name: string, { type }: FlagSpec): boolean {
  return name in commonFlags || (name in versionFlag && type === 'bool');
}

/** Gives the flags that have an effect on a command, sorted by name: its own, and some of the common ones. */
export function flagsOf(command: Command): [string, FlagSpec][] {
  const { common } = helpOf(command);
  return Object.entries(command.flags)
    .filter(([name, spec]) => !spec.hidden && (!isCommon(name, spec) || common.includes(name)))
    .sort(([a], [b]) => compareText(a, b));
}

/** Formats the usage text of a command: description, forms, examples, the commands below it, flags. */
export function formatUsage(command: Command): string {
  const { description, examples } = helpOf(command);
  const lines = (texts: readonly string[]) =>
    texts.map((text) => `  ${program} ${text}\n`).join('');
  const flags = flagsOf(command).map(([name, spec]) => formatFlag(name, spec));
  const commands = (command.commands ?? []).map(({ name, summary }) => ({
    head: `  ${name}`,
    help: summary,
  }));
  return [
    wrap(description),
    `Usage:\n${lines(command.usage)}`,
    ...(examples.length === 0 ? [] : [`Examples:\n${lines(examples)}`]),
    ...(commands.length === 0 ? [] : [`Available Commands:\n${align(commands)}`]),
    `Flags:\n${align(flags)}`,
  ].join('\n');
}
