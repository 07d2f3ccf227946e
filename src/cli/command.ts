import type { Console, ConsoleOptions } from './console.ts';
import { type commonFlags, versionFlag } from './flag-tables.ts';
import { type FlagTable, type Parsed, parseFlags } from './flags.ts';
import { readSides } from './settings.ts';
import { checkCommonFlags, readLogLevel } from './validate.ts';
import type { World } from './world.ts';

/** A validated command, ready to run; gives the exit code. */
export type Task = (console: Console) => Promise<number>;

/** The question or the task of a command line. */
export type Started =
  | { readonly asks: 'version' }
  /** `words`: the command to explain; absent: this one. */
  | { readonly asks: 'help'; readonly words?: readonly string[] }
  | { readonly asks: 'task'; readonly options: ConsoleOptions; readonly task: Task };

/** One command, whatever its flags are. */
export interface Command {
  readonly name: string;
  /** The command above this one, where its name alone could mean another. */
  readonly parent?: string;
  /** Lines of the usage text, after the name of the program. */
  readonly usage: readonly string[];
  readonly summary: string;
  readonly flags: FlagTable;
  /** The commands below this one. */
  readonly commands?: readonly Command[];
  /** Tells whether a mistake in the flags also prints the usage text, as oc-mirror does for this command. */
  readonly usageOnMistake: boolean;
  /** @throws ConfigError `INPUT_INVALID`, `NOT_BUILT` before any deed. */
  start(argv: readonly string[], world: World): Started;
}

type WithCommon = FlagTable & typeof commonFlags;

/** Makes a command from its table of flags and `prepare`, which validates them and gives the task, or asks for help. */
export function defineCommand<Table extends WithCommon>(
  facts: Omit<Command, 'start' | 'flags' | 'usageOnMistake'> & {
    readonly flags: Table;
    readonly usageOnMistake?: true;
    readonly prepare: (parsed: Parsed<Table>, world: World) => Task | 'help';
  },
): Command {
  const flags: Table = { ...versionFlag, ...facts.flags };
  return {
    ...facts,
    flags,
    usageOnMistake: facts.usageOnMistake ?? false,
    start(argv, world) {
      const parsed = parseFlags(flags, argv);
      // Every table holds the common flags: `WithCommon` says so, mapped types hide it from the compiler.
      const common = parsed as unknown as Parsed<typeof commonFlags>;
      if (common.values.help) return { asks: 'help' };
      // `list` has another flag of this name, with a text.
      const { version } = parsed.values as { readonly version?: unknown };
      if (version === true) return { asks: 'version' };
      checkCommonFlags(common, world.env);
      readSides(common);
      const level = readLogLevel(common.values['log-level']);
      const task = facts.prepare(parsed, world);
      if (task === 'help') return { asks: 'help' };
      return { asks: 'task', options: { level, quiet: common.values.quiet }, task };
    },
  };
}
