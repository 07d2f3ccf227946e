import { hasCatalog, recallRebuilt } from '../../catalog/index.ts';
import { MirrorError, messageOf } from '../../errors.ts';
import { openMade } from '../../image/index.ts';
import type { Digest } from '../../oci/index.ts';
import { type CatalogOpenerOptions, createCatalogOpener } from './catalog-opener.ts';
import { parseCatalogReference } from './catalog-reference.ts';
import type { WorkspaceImages } from './workspace-images.ts';

/** A catalog that an earlier run made, or took from a directory. */
export interface MadeCatalog {
  /** The catalog that it was made of, as its placement names it. */
  readonly origin: string;
  readonly digest: Digest;
}

/** Finds catalogs of earlier runs in the workspace, and makes them known to this one. */
export type CatalogReopener = (made: MadeCatalog) => Promise<void>;

/**
 * Creates a reopener of catalogs, so that a plan can be applied with the workspace of the run that made it.
 *
 * Layers that the original and the filtered catalog share are read from the source of the original. A catalog that is not
 * found fails later, when its content is read.
 */
export function createCatalogReopener(
  options: CatalogOpenerOptions & { readonly images: WorkspaceImages },
): CatalogReopener {
  const open = createCatalogOpener(options);
  const { images, log } = options;
  return async ({ origin, digest }) => {
    try {
      const reference = parseCatalogReference({ catalog: origin });
      const of = reference.spec.digest;
      // A catalog that was never unpacked here was not filtered here either.
      if (of !== undefined && !(await hasCatalog(options, of))) return;
      const opened = await open(reference);
      if (opened.digest === digest) {
        images.add(digest, opened.repository);
        return;
      }
      const rebuilt = await recallRebuilt(opened.catalog, digest);
      if (rebuilt) images.add(digest, openMade(rebuilt, opened.repository));
    } catch (thrown) {
      if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
      log.log(
        'warn',
        `${origin}, of which a catalog was made, cannot be read: ${messageOf(thrown)}`,
      );
    }
  };
}
