/**
 * The command line: oc-mirror v2's commands and flags, and those that oc-mirror lacks.
 *
 * A user who replaces `oc-mirror` by `imageset-mirror` in a script changes nothing else: flags, defaults, what excludes
 * what, exit codes, names of files and the phrases that people grep are oc-mirror's. Where the two differ on purpose, the
 * table in `.github/docs/differences.md` says so. What is not built yet is refused by name, after everything that is wrong with the command
 * line has been told, and before anything is written.
 *
 * A command is a table of flags and a function that validates them and gives a task. All of that is pure; a task runs
 * only when nothing was wrong. Tasks call {@link UseCases}, the use cases, and put into the workspace what those give: no job
 * knows a path of the workspace, no command knows a registry. The world (streams, environment, clock, git, jobs) is
 * one argument.
 *
 * Flags are scanned by Node's own `parseArgs` and read by the grammar of oc-mirror's flag library: a boolean takes a
 * value only after `=`, so `--dry-run true` leaves `true` a destination, as it does there.
 */
export { Console, type ConsoleOptions } from './console.ts';
export { runCommandLine } from './run-command-line.ts';
export type { Screen, UseCases, World } from './world.ts';
