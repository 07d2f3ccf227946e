import { examineOperators, lintImageSet } from '../imageset/index.ts';
import { uniqueDiagnostics } from './load.ts';
import { catalogDirectory } from './session.ts';
import type { ConfigFile, LintReport, Settings } from './types.ts';

/** All that checking needs: no registry, no target, no state. */
export type LintSettings = Pick<Settings, 'workspace' | 'log'>;

/**
 * Checks files of both kinds: the text, and its operators as far as the workspace knows their catalogs. Asks nobody.
 *
 * Advice about catalogs never makes a file refused: it is oc-mirror's to say which files it takes.
 */
export async function lint(
  settings: LintSettings,
  files: readonly ConfigFile[],
): Promise<LintReport> {
  const options = { directory: catalogDirectory(settings), log: settings.log };
  const loaded = files.map(lintImageSet);
  const known = await Promise.all(
    loaded.flatMap(({ imageSet }) => (imageSet ? examineOperators(imageSet, options) : [])),
  );
  return {
    diagnostics: uniqueDiagnostics([...loaded, ...known].flatMap(({ diagnostics }) => diagnostics)),
    isRefused: loaded.some(({ refusal }) => refusal !== undefined),
  };
}
