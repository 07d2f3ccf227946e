import { type Diagnostic, formatDiagnostic, hasSeverity, sortDiagnostics } from '../diagnostic.ts';
import { mendImageSet } from '../imageset/index.ts';
import type { ConfigFile } from '../run/index.ts';
import { visible } from '../views/index.ts';
import { defineCommand } from './command.ts';
import { readConfigFiles } from './config-files.ts';
import { genericFailure } from './exit-code.ts';
import { lintFlags } from './flag-tables.ts';
import { usageError } from './flags.ts';
import { fixFiles, formatFix } from './lint-fix.ts';
import { findWorkingDirectory } from './workspace.ts';
import type { World } from './world.ts';

/** Writes a finding on one line, and its remedy indented below: every line that begins with a file name is a finding. */
function formatFinding(found: Diagnostic): string {
  const line = visible(formatDiagnostic(found).replace(/\s+/g, ' ').trimEnd());
  const fix = found.fix === undefined ? [] : found.fix.trimEnd().split('\n');
  return [line, ...fix.map((one) => `    ${visible(one)}`)].map((one) => `${one}\n`).join('');
}

/** Prints findings, and gives the exit code: a printed error fails the command. */
function tellFindings(world: World, diagnostics: readonly Diagnostic[]): number {
  for (const found of sortDiagnostics(diagnostics)) world.stdout.write(formatFinding(found));
  return hasSeverity(diagnostics, 'error') ? genericFailure : 0;
}

/** Mends files and prints each mend; gives the files as they are now, and the reasons why others were left as they are. */
async function fixAndTell(world: World, paths: readonly string[]) {
  const { files, fixes, refusals } = await fixFiles(paths);
  for (const fix of fixes) world.stdout.write(formatFix(fix));
  return { files, refusals };
}

/** Counts the errors that are left for a person after mending. */
function tellRest(world: World, diagnostics: readonly Diagnostic[]): void {
  const left = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (left === 0) return;
  const said = left === 1 ? 'error needs a person: it' : 'errors need a person: each';
  world.stdout.write(`${left} ${said} has more than one remedy, or none that keeps the meaning.\n`);
}

/** Says how many places of the files `--fix` would mend, without touching them. */
async function tellMendable(world: World, files: readonly ConfigFile[]): Promise<void> {
  const fixed = await Promise.all(files.map(mendImageSet));
  const places = fixed.flatMap(({ fixes }) => fixes).length;
  if (places === 0) return;
  world.stdout.write(`lint --fix mends ${places === 1 ? 'one place' : `${places} places`}.\n`);
}

/**
 * Reads configurations of both kinds and prints what is wrong; fails where it prints an error.
 *
 * It asks no registry: operators are checked as far as the workspace has their catalogs. With `--fix` it first corrects the
 * mistakes that have only one possible meaning.
 */
export const lintCommand = defineCommand({
  name: 'lint',
  usage: ['lint [--fix] [--workspace file://DIR] FILE…'],
  summary: 'check configurations, line by line',
  flags: lintFlags,
  prepare({ words, values }, world) {
    const paths = [...values.config, ...words];
    if (paths.length === 0) throw usageError('name the files to check: lint FILE…');
    const workspace = findWorkingDirectory(values.workspace);
    const check = (
      log: Parameters<World['jobs']['lint']>[0]['log'],
      files: readonly ConfigFile[],
    ) => world.jobs.lint({ workspace, log }, files);
    return async (console) => {
      if (!values.fix) {
        const files = await readConfigFiles(paths);
        const code = tellFindings(world, await check(console, files));
        await tellMendable(world, files);
        return code;
      }
      const { files, refusals } = await fixAndTell(world, paths);
      const diagnostics = [...refusals, ...(await check(console, files))];
      const code = tellFindings(world, diagnostics);
      tellRest(world, diagnostics);
      return code;
    };
  },
});
