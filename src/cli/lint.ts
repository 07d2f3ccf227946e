import { type Diagnostic, formatDiagnostic, sortDiagnostics } from '../diagnostic.ts';
import { view } from '../plan/index.ts';
import { defineCommand } from './command.ts';
import { readConfigFiles } from './config-files.ts';
import { genericFailure } from './exit-code.ts';
import { commonFlags } from './flag-tables.ts';
import { inputError } from './validate.ts';
import { findWorkingDirectory } from './workspace.ts';

/** Writes a finding on one line, and below it, set in, what mends it: a line that begins with a name is a finding. */
function formatFinding(found: Diagnostic): string {
  const line = view.printable(formatDiagnostic(found).replace(/\s+/g, ' ').trimEnd());
  const fix = found.fix === undefined ? [] : found.fix.trimEnd().split('\n');
  return [line, ...fix.map((one) => `    ${view.printable(one)}`)]
    .map((one) => `${one}\n`)
    .join('');
}

/**
 * Reads configurations of both kinds and prints what is wrong; fails only where oc-mirror would refuse a file.
 *
 * Of operators it says what a plan would, as far as the workspace has their catalogs; it asks no registry.
 */
export const lintCommand = defineCommand({
  name: 'lint',
  usage: ['lint [--workspace file://DIR] FILE…'],
  summary: 'check configurations, line by line',
  flags: commonFlags,
  prepare({ words, values }, world) {
    const paths = [...values.config, ...words];
    if (paths.length === 0) throw inputError('name the files to check: lint FILE…');
    const workspace = findWorkingDirectory(values.workspace);
    return async (console) => {
      const files = await readConfigFiles(paths);
      const report = await world.jobs.lint({ workspace, log: console }, files);
      for (const found of sortDiagnostics(report.diagnostics)) {
        world.stdout.write(formatFinding(found));
      }
      return report.isRefused ? genericFailure : 0;
    };
  },
});
