import { compareText } from '../../base/index.ts';
import type { CatalogBlob, CatalogReader, PackageBlobs } from '../model.ts';
import { readDeprecation, records, textOf } from './content.ts';
import type { FilteredCatalog } from './filter-catalog.ts';
import type { FilteredPackage } from './result.ts';

/** The JSON texts of one package of a rebuilt catalog. */
export interface RenderedPackage {
  /** Empty for blobs of no package. */
  readonly name: string;
  readonly texts: readonly string[];
}

function write(value: object): string {
  return JSON.stringify(value, null, 4);
}

function renderPackageBlob(blob: CatalogBlob, { defaultChannel }: FilteredPackage): string {
  if (textOf(blob.value['defaultChannel']) === defaultChannel) return blob.text;
  return write({ ...blob.value, defaultChannel });
}

function renderChannel(blob: CatalogBlob, filtered: FilteredPackage): string | undefined {
  const channel = filtered.channels.find(({ name }) => name === (blob.name ?? ''));
  if (!channel) return undefined;
  const all = records(blob.value['entries']);
  const kept = new Set(channel.entries);
  const entries = all.filter((entry) => kept.has(textOf(entry['name'])));
  if (entries.length === 0) {
    // The channel was given the one bundle that is kept.
    return write({ ...blob.value, entries: channel.entries.map((name) => ({ name })) });
  }
  return entries.length === all.length ? blob.text : write({ ...blob.value, entries });
}

function isDeprecations({ schema }: CatalogBlob): boolean {
  return schema === 'olm.deprecations';
}

/** Bundles that the rebuilt catalog has: one in no channel would keep it from being served. */
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
    return schema !== 'olm.channel' && schema !== 'olm.bundle' ? true : known[schema].has(name);
  });
  return entries.length === all.length ? blob.text : write({ ...blob.value, entries });
}

function firstOfEach(blobs: readonly CatalogBlob[]): readonly CatalogBlob[] {
  const seen = new Set<string | undefined>();
  return blobs.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function byName(a: CatalogBlob, b: CatalogBlob): number {
  return compareText(a.name ?? '', b.name ?? '');
}

const ownSchemas = ['olm.package', 'olm.channel', 'olm.bundle', 'olm.deprecations'];

/** Writes package, channels and bundles; nothing when no channel is left: a package without any keeps the catalog from being served. */
function renderOperator(
  blobs: readonly CatalogBlob[],
  filtered: FilteredPackage,
): readonly string[] {
  if (filtered.channels.length === 0) return [];
  const ofSchema = (schema: string) => blobs.filter((blob) => blob.schema === schema);
  const kept = namesInChannels(filtered);
  const bundles = firstOfEach(ofSchema('olm.bundle')).filter((blob) => kept.has(blob.name ?? ''));
  return [
    ...ofSchema('olm.package').map((blob) => renderPackageBlob(blob, filtered)),
    ...ofSchema('olm.channel')
      .toSorted(byName)
      .flatMap((blob) => renderChannel(blob, filtered) ?? []),
    ...bundles.toSorted(byName).map(({ text }) => text),
  ];
}

/**
 * Writes what a filter keeps of a package, as the rebuilt catalog has it: package, channels and bundles by name, other
 * schemas by schema, deprecations.
 *
 * What is kept unchanged keeps its text. Deprecations of what went go too: they would keep the catalog from being served.
 * @see spec 5.4 (4), 5.7
 */
export function renderPackage(
  { name, blobs }: PackageBlobs,
  filtered: FilteredPackage,
): RenderedPackage {
  const operator = renderOperator(blobs, filtered);
  const others = blobs.filter(({ schema }) => !ownSchemas.includes(schema));
  const deprecations = operator.length > 0 ? blobs.filter(isDeprecations) : [];
  return {
    name,
    texts: [
      ...operator,
      ...others.toSorted((a, b) => compareText(a.schema, b.schema)).map(({ text }) => text),
      ...deprecations.map((blob) => renderDeprecations(blob, filtered)),
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
): AsyncGenerator<RenderedPackage> {
  for (const one of filtered.packages) {
    const blobs = await reader.read(one.name);
    const rendered = blobs && renderPackage(blobs, one);
    if (rendered && rendered.texts.length > 0) yield rendered;
  }
}
