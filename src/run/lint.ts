import type { CatalogStoreOptions } from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import {
  type ConfigFile,
  examineOperators,
  findNotBuilt,
  type ImageSet,
  lintImageSet,
} from '../imageset/index.ts';
import { adviseCatalogs, entryCatalogs, pairCatalogs } from '../operators/index.ts';
import { uniqueDiagnostics } from './load.ts';
import { catalogStore } from './session.ts';
import type { Settings } from './types.ts';

/** All that checking needs: no registry, no target, no state. */
export type LintSettings = Pick<Settings, 'workspace' | 'log'>;

/** A file that oc-mirror takes is valid, so what this tool cannot mirror yet is no error of the file; a mistake is told alone. */
function missingHere(imageSet: ImageSet, told: readonly Diagnostic[]): Diagnostic[] {
  const lines = new Set(
    told.flatMap(({ severity, at }) => (severity === 'error' && at?.line) || []),
  );
  return findNotBuilt(imageSet)
    .filter(({ at }) => !lines.has(at?.line ?? 0))
    .map((found) => ({ ...found, severity: 'warning' }));
}

/** Looks at the operators of an image set as far as the workspace knows their catalogs. */
async function examine(imageSet: ImageSet, store: CatalogStoreOptions) {
  return { imageSet, ...(await examineOperators(imageSet, store)) };
}

/**
 * Checks files of both kinds: the text, and its operators as far as the workspace knows their catalogs. Asks nobody.
 *
 * The operators of one file count for the dependencies of the others. A warning names each entry that this tool cannot mirror yet.
 */
export async function lint(
  settings: LintSettings,
  files: readonly ConfigFile[],
): Promise<Diagnostic[]> {
  const store = catalogStore(settings);
  const loaded = files.map(lintImageSet);
  const known = await Promise.all(
    loaded.flatMap(({ imageSet }) => (imageSet ? examine(imageSet, store) : [])),
  );
  const wanted = known.filter(({ imageSet }) => imageSet.kind === 'ImageSetConfiguration');
  const advice = await adviseCatalogs(pairCatalogs([], entryCatalogs(wanted)), []);
  const found = [...loaded, ...known].flatMap(({ diagnostics }) => diagnostics);
  const missing = loaded.flatMap(({ imageSet, diagnostics }) =>
    imageSet ? missingHere(imageSet, diagnostics) : [],
  );
  return uniqueDiagnostics([...found, ...missing, ...advice]);
}
