/**
 * The command line: oc-mirror v2's commands and flags, and those that oc-mirror lacks.
 *
 * A user can replace `oc-mirror` by `imageset-mirror` in a script without another change: flags, defaults, exclusions, exit
 * codes, names of files and the phrases that people grep (`words.ts`) are oc-mirror's. `.github/docs/differences.md` lists
 * the differences that are on purpose. Commands of the action that are forms of the mirror command here (`archive`, `load`)
 * are answered with that form.
 *
 * A command is a table of flags and a function that validates them and gives a task. A task runs only when nothing
 * was wrong. It calls {@link UseCases} and writes their results into the workspace: no use case knows a path of the
 * workspace, and no command knows a registry. The world (streams, environment, clock, use cases) is one argument.
 *
 * `flag-tables.ts` declares every flag. Node's `parseArgs` scans them, and the grammar of oc-mirror's flag library reads
 * them: a boolean takes a value only after `=`, so in `--dry-run true` the word `true` is a destination. Options that are
 * inputs of the action too are read in `door/`.
 */
export { nameProgram } from './next-command.ts';
export { runCommandLine } from './run-command-line.ts';
export type { Screen, UseCases, World } from './world.ts';
