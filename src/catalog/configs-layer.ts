import { ContentError } from '../errors.ts';
import { type AddEntry, type MadeLayer, makeLayer } from '../image/index.ts';

/** One package of a rebuilt catalog: JSON texts in order. */
export interface PackageTexts {
  /** Empty for blobs of no package. */
  readonly name: string;
  readonly texts: readonly string[];
}

/** The directory of a rebuilt catalog in its image. */
export const rebuiltDirectory = 'configs';

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
 * Packs packages as a layer with `/configs`, one file for each.
 *
 * Order: that of `packages`, which the caller sorts. The layer contains no time, user or machine, so the same packages give
 * the same bytes.
 * Memory: one package. Effects: writes the layer into `directory`, named by its digest.
 * @throws ContentError `CATALOG_INVALID` if the name of a package cannot be the name of a directory.
 */
export async function makeConfigsLayer(
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
  directory: string,
): Promise<MadeLayer> {
  return await makeLayer(directory, async (add) => await packConfigs(add, packages));
}

/** Packs a layer that hides `/configs` of the layers below it. */
export async function makeWhiteoutLayer(directory: string): Promise<MadeLayer> {
  const name = `.wh.${rebuiltDirectory}`;
  return await makeLayer(directory, async (add) => await add(name, Buffer.alloc(0)));
}
