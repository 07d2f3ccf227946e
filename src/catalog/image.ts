import { type ContentSource, confine } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import {
  type ImageInstance,
  type ImageRole,
  labelsOf,
  readImage,
  type WholeImage,
} from '../image/index.ts';
import type { Digest } from '../oci/index.ts';

/** The label that names the directory of a file-based catalog. */
export const configsLabel = 'operators.operatorframework.io.index.configs.v1';
/** The label of the older kind of catalog, a database. */
const databaseLabel = 'operators.operatorframework.io.index.database.v1';

/** The part of a catalog image in errors. */
export const catalogRole: ImageRole = { what: 'catalog', code: 'CATALOG_INVALID' };

/**
 * Reads a catalog image without its layers, as {@link readImage} does; `absent` is about images that the source lacks.
 * @throws ContentError `CATALOG_INVALID` when there is no image in it; RegistryError.
 */
export async function readCatalogImage(
  digest: Digest,
  source: ContentSource,
  absent?: ImageRole['absent'],
): Promise<WholeImage> {
  return await readImage(digest, source, { ...catalogRole, absent });
}

/**
 * Gives the directory of a catalog's files in its image, without a slash at either end.
 * @throws ContentError `CATALOG_INVALID` when the image does not name one: it is no file-based catalog.
 * @see spec of oc-mirror's behaviour 5.1
 */
export function configsDirectory({ config, manifest }: ImageInstance): string {
  const labels = labelsOf(config);
  const label = labels[configsLabel];
  const directory = typeof label === 'string' ? confine(label) : '';
  if (directory !== '') return directory;
  throw new ContentError(
    'CATALOG_INVALID',
    `The image ${manifest.descriptor.digest} is no file-based catalog: it has no label ${configsLabel}.`,
    {
      hint:
        databaseLabel in labels
          ? 'It is a catalog of the older kind, a database; its publisher has to migrate it (opm migrate).'
          : 'Check that the reference names an operator catalog.',
    },
  );
}
