import type { CatalogStoreOptions } from '../catalog/index.ts';
import { examineOperators, type ImageSet, lintImageSet } from '../imageset/index.ts';
import { adviseCatalogs } from './catalog-advice.ts';
import { entryCatalogs, pairCatalogs } from './catalog-pairs.ts';
import { uniqueDiagnostics } from './load.ts';
import { catalogStore } from './session.ts';
import type { ConfigFile, LintReport, Settings } from './types.ts';

/** All that checking needs: no registry, no target, no state. */
export type LintSettings = Pick<Settings, 'workspace' | 'log'>;

/** Looks at the operators of an image set as far as the workspace knows their catalogs. */
async function examine(imageSet: ImageSet, store: CatalogStoreOptions) {
  return { imageSet, ...(await examineOperators(imageSet, store)) };
}

/**
 * Checks files of both kinds: the text, and its operators as far as the workspace knows their catalogs. Asks nobody.
 *
 * What one file mirrors counts for the others. Advice about catalogs never makes a file refused: it is oc-mirror's to say which
 * files it takes.
 */
export async function lint(
  settings: LintSettings,
  files: readonly ConfigFile[],
): Promise<LintReport> {
  const store = catalogStore(settings);
  const loaded = files.map(lintImageSet);
  const known = await Promise.all(
    loaded.flatMap(({ imageSet }) => (imageSet ? examine(imageSet, store) : [])),
  );
  const wanted = known.filter(({ imageSet }) => imageSet.kind === 'ImageSetConfiguration');
  const advice = await adviseCatalogs(pairCatalogs([], entryCatalogs(wanted), []), []);
  const found = [...loaded, ...known].flatMap(({ diagnostics }) => diagnostics);
  return {
    diagnostics: uniqueDiagnostics([...found, ...advice]),
    isRefused: loaded.some(({ refusal }) => refusal !== undefined),
  };
}
