import { MirrorError, messageOf } from '../errors.ts';
import { applyCommand } from './apply.ts';
import { restoreCommand, verifyCommand } from './check.ts';
import type { Command, Started, Task } from './command.ts';
import { Console, type ConsoleOptions } from './console.ts';
import { deleteCommand } from './delete.ts';
import { genericFailure } from './exit-code.ts';
import type { FlagTable } from './flags.ts';
import { lintCommand } from './lint.ts';
import { listCommand } from './list.ts';
import { mirrorCommand } from './mirror.ts';
import { findFirstWord } from './parse.ts';
import { planCommand } from './plan.ts';
import { demoCommand, refusedCommands, versionCommand } from './small-commands.ts';
import { formatUsage } from './usage.ts';
import type { World } from './world.ts';

const named: readonly Command[] = [
  planCommand,
  applyCommand,
  deleteCommand,
  listCommand,
  lintCommand,
  verifyCommand,
  restoreCommand,
  demoCommand,
  versionCommand,
  ...refusedCommands,
];

/** Every form of the program: the command without a name, and those that have one. */
const program: Command = { ...mirrorCommand, commands: named };

/** Flags of a command and all below it: what is a flag's value has to be known before a command's name can be found. */
function flagsBelow({ flags, commands = [] }: Command): FlagTable {
  return Object.assign({}, flags, ...commands.map(flagsBelow));
}

/** Finds the command, wherever its name stands among the flags; what is no name is the command's own word. */
function findCommand(
  command: Command,
  argv: readonly string[],
): { command: Command; rest: readonly string[] } {
  const { commands = [] } = command;
  const first = findFirstWord(flagsBelow(command), argv);
  const found = commands.find((one) => one.name === first?.word);
  return first && found
    ? findCommand(found, argv.toSpliced(first.index, 1))
    : { command, rest: argv };
}

function usageOf(command: Command): string {
  return formatUsage(command, command.commands ?? []);
}

function tellError(console: Console, error: unknown): void {
  console.live('');
  const ours = error instanceof MirrorError;
  console.log('error', `[Executor] ${messageOf(error)}`);
  if (ours && error.hint !== undefined) console.log('error', error.hint);
  if (!ours) {
    console.log('error', 'This is a bug in imageset-mirror.');
    if (error instanceof Error) console.log('debug', error.stack ?? '');
  }
}

async function runTask(world: World, options: ConsoleOptions, task: Task): Promise<number> {
  const console = new Console(world, options);
  try {
    return await task(console);
  } catch (error) {
    tellError(console, error);
    return genericFailure;
  } finally {
    console.close();
  }
}

/**
 * Runs one command line and gives its exit code; nothing is thrown.
 *
 * Shape: `argv` without the program's name. Mistakes in the flags are told on stderr, with the usage text where
 * oc-mirror prints it.
 */
export async function runCommandLine(argv: readonly string[], world: World): Promise<number> {
  const { command, rest } = findCommand(program, argv);
  let started: Started;
  try {
    started = command.start(rest, world);
  } catch (error) {
    if (command.usageOnMistake) world.stderr.write(`${usageOf(command)}\n`);
    tellError(new Console(world, { level: 'info', quiet: false }), error);
    return genericFailure;
  }
  if (started.asks === 'task') return runTask(world, started.options, started.task);
  world.stdout.write(
    started.asks === 'help' ? usageOf(command) : `imageset-mirror version v${world.version}\n`,
  );
  return 0;
}
