import { asObject, texts } from '../base/index.ts';
import {
  extendImage,
  type ImageInstance,
  labelsOf,
  type MadeImage,
  type WholeImage,
} from '../image/index.ts';
import {
  makeConfigsLayer,
  makeWhiteoutLayer,
  type PackageTexts,
  rebuiltDirectory,
} from './configs-layer.ts';
import { catalogRole, configsLabel } from './image.ts';

/**
 * The command of the catalog, without `--cache-dir`: the cache in the lower layers is that of the whole catalog, and opm refuses
 * to serve with a different cache. Without the option opm makes its own.
 */
function changedConfig({ config }: ImageInstance) {
  const entrypoint = texts(asObject(config['config'])['Entrypoint']);
  const serve = entrypoint.indexOf('serve');
  return {
    ...(serve > 0 && { Entrypoint: entrypoint.slice(0, serve) }),
    Cmd: ['serve', `/${rebuiltDirectory}`],
    Labels: { ...labelsOf(config), [configsLabel]: `/${rebuiltDirectory}` },
  };
}

/**
 * Makes the image of a filtered catalog: for every platform the layers of the original, a layer that hides its `/configs`, and a
 * layer with the given packages.
 *
 * Shape: as {@link extendImage} gives it. Commands and labels are those that opm and OLM need.
 * Order: `packages` sorted by name, as a {@link CatalogReader} lists them; another order gives another image.
 * Memory: one package. Effects: writes two layers into `directory`, named by their digests.
 * @throws ContentError `CATALOG_INVALID`.
 * @see spec of oc-mirror's behaviour 5.7
 */
export async function rebuildCatalog(
  image: WholeImage,
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
  directory: string,
): Promise<MadeImage> {
  const hiding = await makeWhiteoutLayer(directory);
  const filtered = await makeConfigsLayer(packages, directory);
  return extendImage(image, {
    layers: [
      { layer: hiding, history: `/${rebuiltDirectory} hidden` },
      { layer: filtered, history: `/${rebuiltDirectory} filtered` },
    ],
    change: changedConfig,
    role: catalogRole,
  });
}
