import { join } from 'node:path';
import { asObject, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import {
  type AddEntry,
  extendImage,
  type ImageInstance,
  type KeptImage,
  keepImage,
  labelsOf,
  type MadeImage,
  makeLayer,
  recallImage,
  type WholeImage,
} from '../image/index.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import { catalogRole, configsLabel } from './image.ts';
import type { PackageTexts } from './model.ts';
import type { StoredCatalog } from './store.ts';

/** The directory of a rebuilt catalog in its image. */
const rebuiltDirectory = 'configs';

/** The name of a package has to be one part of a path on every system. */
function fileOf({ name }: PackageTexts): string {
  if (name === '') return `${rebuiltDirectory}/catalog.json`;
  const isOnePart = /^[^/\\\0]{1,255}$/.test(name) && name !== '.' && name !== '..';
  if (isOnePart && !name.startsWith('.wh.')) return `${rebuiltDirectory}/${name}/catalog.json`;
  const message = `The package name ${JSON.stringify(name)} cannot be a directory's name.`;
  throw new ContentError('CATALOG_INVALID', message, {
    hint: 'Leave the package out; its publisher has to rename it.',
  });
}

/** Adds `/configs`, one file for each package. @throws ContentError `CATALOG_INVALID` if a name cannot be a directory's */
async function packConfigs(
  add: AddEntry,
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
): Promise<void> {
  await add(rebuiltDirectory, 'directory');
  for await (const one of packages) {
    const file = fileOf(one);
    if (one.name !== '') await add(file.slice(0, file.lastIndexOf('/')), 'directory');
    await add(file, Buffer.from(`${one.texts.join('\n')}\n`));
  }
}

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
  const whiteout = `.wh.${rebuiltDirectory}`;
  const hiding = await makeLayer(directory, (add) => add(whiteout, Buffer.alloc(0)));
  const filtered = await makeLayer(directory, (add) => packConfigs(add, packages));
  return extendImage(image, {
    layers: [
      { layer: hiding, history: `/${rebuiltDirectory} hidden` },
      { layer: filtered, history: `/${rebuiltDirectory} filtered` },
    ],
    change: changedConfig,
    role: catalogRole,
  });
}

/** A rebuild that may exist already. */
export interface RebuildRequest {
  /** The digest of the filter. */
  readonly key: string;
  /** Gives the chosen packages; called only if the rebuild does not exist. */
  readonly packages: () => AsyncIterable<PackageTexts> | Iterable<PackageTexts>;
}

function directoryOf(catalog: StoredCatalog): string {
  return join(catalog.directory, 'layers');
}

async function recallBy(key: string, catalog: StoredCatalog): Promise<MadeImage | undefined> {
  const kept = (await catalog.recall(`rebuilt-${key}`)) as KeptImage | undefined;
  return kept && (await recallImage(kept, directoryOf(catalog)));
}

/** By the digest of a rebuild a later run finds its key. */
function digestKey(digest: Digest): string {
  return `rebuilt-as-${hexOf(digest)}`;
}

/** Gives the rebuild with a digest; `undefined` if this workspace does not have it as a whole. */
export async function recallRebuilt(
  catalog: StoredCatalog,
  digest: Digest,
): Promise<MadeImage | undefined> {
  const key = await catalog.recall(digestKey(digest));
  const rebuilt = typeof key === 'string' ? await recallBy(key, catalog) : undefined;
  return rebuilt?.index.descriptor.digest === digest ? rebuilt : undefined;
}

/**
 * Rebuilds a catalog, or gives an earlier rebuild of the same choice.
 *
 * Effects: keeps layers and manifests beside the stored catalog of `image`; verifies layers before it uses them again.
 * @throws ContentError `CATALOG_INVALID`; whatever `packages` throws.
 */
export async function rebuildCached(
  image: WholeImage,
  catalog: StoredCatalog,
  { key, packages }: RebuildRequest,
): Promise<MadeImage> {
  const before = await recallBy(key, catalog);
  const rebuilt = before ?? (await rebuildCatalog(image, packages(), directoryOf(catalog)));
  if (!before) await catalog.remember(`rebuilt-${key}`, await keepImage(rebuilt));
  const name = digestKey(rebuilt.index.descriptor.digest);
  if ((await catalog.recall(name)) !== key) await catalog.remember(name, key);
  return rebuilt;
}
