import { compareText, firstOfEach, records, textOrEmpty } from '../../base/index.ts';
import type { CatalogBlob, CatalogReader, PackageBlobs, PackageTexts } from '../model.ts';
import { ownSchemas, readDeprecation } from './content.ts';
import type { FilteredCatalog } from './filter-catalog.ts';
import type { FilteredPackage } from './result.ts';

function write(value: object): string {
  return JSON.stringify(value, null, 4);
}

function renderPackageBlob(blob: CatalogBlob, { defaultChannel }: FilteredPackage): string {
  if (textOrEmpty(blob.value['defaultChannel']) === defaultChannel) return blob.text;
  return write({ ...blob.value, defaultChannel });
}

function renderChannel(blob: CatalogBlob, filtered: FilteredPackage): string | undefined {
  const channel = filtered.channels.find(({ name }) => name === (blob.name ?? ''));
  if (!channel) return undefined;
  const all = records(blob.value['entries']);
  const kept = new Set(channel.entries);
  const entries = all.filter((entry) => kept.has(textOrEmpty(entry['name'])));
  if (entries.length === 0) {
    // The filter gave the only kept bundle to this channel.
    return write({ ...blob.value, entries: channel.entries.map((name) => ({ name })) });
  }
  return entries.length === all.length ? blob.text : write({ ...blob.value, entries });
}

/** Bundles of the rebuilt catalog: opm refuses to serve one that no channel has. */
function namesInChannels({ bundles }: FilteredPackage): ReadonlySet<string> {
  const kept = bundles.filter(({ channels }) => channels.length > 0);
  return new Set(kept.map(({ name }) => name));
}

function renderDeprecations(blob: CatalogBlob, filtered: FilteredPackage): string {
  const known = {
    'olm.channel': new Set(filtered.channels.map(({ name }) => name)),
    'olm.bundle': namesInChannels(filtered),
  };
  const all = records(blob.value['entries']);
  const entries = all.filter((entry) => {
    const { schema, name } = readDeprecation(entry);
    return (schema !== 'olm.channel' && schema !== 'olm.bundle') || known[schema].has(name);
  });
  return entries.length === all.length ? blob.text : write({ ...blob.value, entries });
}

/** Writes package, channels and bundles; nothing if no channel is left, because opm refuses to serve such a package. */
function renderOperator(
  blobs: readonly CatalogBlob[],
  filtered: FilteredPackage,
): readonly string[] {
  if (filtered.channels.length === 0) return [];
  const ofSchema = (schema: string) =>
    blobs
      .filter((blob) => blob.schema === schema)
      .sort((a, b) => compareText(a.name ?? '', b.name ?? ''));
  const kept = namesInChannels(filtered);
  const bundles = firstOfEach(ofSchema('olm.bundle'), ({ name }) => name);
  return [
    ...ofSchema('olm.package').map((blob) => renderPackageBlob(blob, filtered)),
    ...ofSchema('olm.channel').flatMap((blob) => renderChannel(blob, filtered) ?? []),
    ...bundles.filter(({ name = '' }) => kept.has(name)).map(({ text }) => text),
  ];
}

/**
 * Writes the kept part of a package for the rebuilt catalog: package, channels and bundles by name, other schemas by schema,
 * deprecations.
 *
 * Unchanged blobs keep their text. Deprecations of removed things are removed: opm refuses to serve them.
 * @see spec 5.4 (4), 5.7
 */
function renderPackage({ name, blobs }: PackageBlobs, filtered: FilteredPackage): PackageTexts {
  const operator = renderOperator(blobs, filtered);
  const others = blobs.filter(({ schema }) => !ownSchemas.includes(schema));
  const deprecations = operator.length > 0 ? blobs : [];
  return {
    name,
    texts: [
      ...operator,
      ...others.toSorted((a, b) => compareText(a.schema, b.schema)).map(({ text }) => text),
      ...deprecations
        .filter(({ schema }) => schema === 'olm.deprecations')
        .map((blob) => renderDeprecations(blob, filtered)),
    ],
  };
}

/**
 * Writes a filtered catalog package by package, in the order of `filtered`.
 *
 * Memory: one package. Packages without a text are left out.
 */
export async function* renderCatalog(
  reader: CatalogReader,
  filtered: Pick<FilteredCatalog, 'packages'>,
): AsyncGenerator<PackageTexts> {
  for (const one of filtered.packages) {
    const blobs = await reader.read(one.name);
    const rendered = blobs && renderPackage(blobs, one);
    if (rendered && rendered.texts.length > 0) yield rendered;
  }
}
