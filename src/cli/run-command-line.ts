import { nearestNames } from '../base/index.ts';
import { MirrorError, messageOf } from '../errors.ts';
import { escapeLogLine } from '../views/index.ts';
import { applyCommand } from './apply.ts';
import { restoreCommand, verifyCommand } from './check.ts';
import type { Command, Started, Task } from './command.ts';
import { Console, type ConsoleOptions } from './console.ts';
import { deleteCommand } from './delete.ts';
import { cancelledCode, genericFailure } from './exit-code.ts';
import { type FlagTable, findFirstWord, usageError } from './flags.ts';
import { defineCompletion, formatUsage } from './help/index.ts';
import { historyCommand } from './history.ts';
import { lintCommand } from './lint.ts';
import { listCommand } from './list.ts';
import { mirrorCommand } from './mirror.ts';
import { planCommand } from './plan.ts';
import { probeCommand } from './probe.ts';
import { archiveCommands, demoCommand, helpCommand, versionCommand } from './small-commands.ts';
import { stateCommand } from './state.ts';
import { words } from './words.ts';
import type { Screen, World } from './world.ts';

const named: readonly Command[] = [
  planCommand,
  applyCommand,
  deleteCommand,
  listCommand,
  lintCommand,
  verifyCommand,
  restoreCommand,
  historyCommand,
  probeCommand,
  stateCommand,
  demoCommand,
  versionCommand,
  helpCommand,
  defineCompletion(() => program),
  ...archiveCommands,
];

/** The whole program: the command without a name (mirror), and the named ones below it. */
const program: Command = { ...mirrorCommand, commands: named };

/** Gives the flags of a command and of all below it: a command's name can only be found if all values of flags are known. */
function flagsBelow({ flags, commands = [] }: Command): FlagTable {
  return Object.assign({}, flags, ...commands.map(flagsBelow));
}

/** Finds the command; its name may stand anywhere among the flags. Any other word is an argument of the command. */
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

/** Suggests the nearest name: `Did you mean "lint"?`; `undefined` without one. */
function askMeant(written: string, known: readonly string[]): string | undefined {
  const near = nearestNames(written, known)[0];
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/** Refuses a word that is almost the name of a command; any other word is an argument. */
function refuseMisspelt(command: Command, argv: readonly string[]): void {
  const word = findFirstWord(flagsBelow(command), argv)?.word;
  const { commands = [] } = command;
  if (word === undefined || commands.length === 0 || /[:/]/.test(word)) return;
  const hint = askMeant(
    word,
    commands.map(({ name }) => name),
  );
  const of = ['imageset-mirror', command.name].join(' ').trim();
  if (hint !== undefined) throw usageError(`unknown command "${word}" for "${of}"`, hint);
}

/** Gives the usage text of a command, or of the one that `help` names. */
function usageAskedFor(command: Command, asked: readonly string[] | undefined): string {
  if (asked === undefined) return formatUsage(command);
  const { command: meant, rest } = findCommand(program, asked);
  const [word] = rest;
  if (word === undefined) return formatUsage(meant);
  const known = (meant.commands ?? []).map(({ name }) => name);
  throw usageError(
    `unknown command "${asked.join(' ')}"`,
    askMeant(word, known) ?? 'imageset-mirror help lists the commands.',
  );
}

function tellError(console: Console, error: unknown): void {
  console.live(undefined);
  const ours = error instanceof MirrorError;
  console.log('error', words.executor(messageOf(error)));
  if (ours && error.hint !== undefined) console.log('error', error.hint);
  if (!ours) {
    console.log('error', 'This is a bug in imageset-mirror.');
    if (error instanceof Error) console.log('debug', error.stack ?? '');
  }
}

/** A runner reads commands from the output: names from outside must not become one. */
function forRunner(world: World): World {
  if (!world.env['GITHUB_ACTIONS']) return world;
  const safe = (screen: Screen): Screen => ({
    isTerminal: screen.isTerminal,
    get columns() {
      return screen.columns;
    },
    get rows() {
      return screen.rows;
    },
    write: (text) => screen.write(escapeLogLine(text)),
  });
  return { ...world, stdout: safe(world.stdout), stderr: safe(world.stderr) };
}

/** Says what was done until Ctrl-C, and how to go on. */
function tellCancelled(console: Console): void {
  console.live(undefined);
  const { tally } = console;
  const done = tally ? `: ${tally.done} of ${tally.total} mirrored` : '';
  console.log('warn', `Cancelled${done}; run again to continue.`);
}

async function runTask(world: World, options: ConsoleOptions, task: Task): Promise<number> {
  const console = new Console(world, options);
  const isCancelled = () => world.signal?.aborted === true;
  try {
    const code = await task(console);
    if (!isCancelled()) return code;
  } catch (error) {
    if (!isCancelled()) {
      tellError(console, error);
      return genericFailure;
    }
    console.log('debug', messageOf(error));
  } finally {
    if (isCancelled()) tellCancelled(console);
    console.close();
  }
  return cancelledCode;
}

/**
 * Runs one command line and gives its exit code; nothing is thrown.
 *
 * Shape: `argv` without the program's name. Mistakes in the flags are told on stderr, with the usage text where
 * oc-mirror prints it.
 */
export async function runCommandLine(argv: readonly string[], given: World): Promise<number> {
  const world = forRunner(given);
  const { command, rest } = findCommand(program, argv);
  let started: Started;
  let isNamed = false;
  try {
    refuseMisspelt(command, rest);
    isNamed = true;
    started = command.start(rest, world);
    if (started.asks === 'help') {
      world.stdout.write(usageAskedFor(command, started.words));
      return 0;
    }
  } catch (error) {
    // The usage text of a command that nobody meant would hide the one that was.
    if (command.usageOnMistake && isNamed) world.stderr.write(`${formatUsage(command)}\n`);
    tellError(new Console(world, { level: 'info', quiet: false }), error);
    return genericFailure;
  }
  if (started.asks === 'task') return runTask(world, started.options, started.task);
  world.stdout.write(`imageset-mirror version v${world.version}\n`);
  return 0;
}
