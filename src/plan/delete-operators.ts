import type { FilteredPackage } from '../catalog/index.ts';
import type {
  CollectedCatalog,
  ImageSet,
  OperatorCatalog,
  OperatorPackage,
} from '../imageset/index.ts';
import { isOfPlace } from './change-key.ts';
import type { Plan } from './types.ts';

/** Bundle images of one operator entry that a plan removes, as their placements call them. */
function removedBundles({ changes }: Pick<Plan, 'changes'>, imageSet: string, entry: number) {
  const start = `mirror.operators[${entry}]`;
  const removed = changes
    .filter(isOfPlace)
    .filter(
      ({ action, kind, causes }) =>
        (action === 'delete' || action === 'untag') &&
        kind === 'operatorBundle' &&
        causes.some((cause) => cause.imageSet === imageSet && cause.path.startsWith(start)),
    );
  return new Set(removed.map(({ origin }) => origin));
}

/** What has to be asked for, one after the other, so that the removed bundles of a package come and no others. */
function wishesFor(
  { name, bundles }: FilteredPackage,
  entry: OperatorCatalog,
  removed: ReadonlySet<string>,
): readonly OperatorPackage[] {
  const isRemoved = ({ images }: (typeof bundles)[number]) =>
    images.some(
      ({ type, image }) =>
        type === 'operatorBundle' && removed.has(image.replace(/^docker:\/\//, '')),
    );
  const going = bundles.filter(isRemoved);
  if (going.length === 0) return [];
  if (going.length === bundles.length) {
    return [entry.packages?.find((one) => one.name === name) ?? { name }];
  }
  // A range takes its neighbours with it; one that is a single version does not.
  const versions = new Set(going.map(({ version }) => version).filter((one) => one !== ''));
  return [...versions].map((one) => ({ name, minVersion: one, maxVersion: one }));
}

function pinned(catalog: string, digest: string): string {
  if (catalog.startsWith('oci://')) return catalog;
  const [name = ''] = catalog.split('@', 1);
  const colon = name.lastIndexOf(':');
  return `${colon > name.lastIndexOf('/') ? name.slice(0, colon) : name}@${digest}`;
}

function isRange({ minVersion, maxVersion, channels = [] }: OperatorPackage): boolean {
  return [{ minVersion, maxVersion }, ...channels].some((one) => one.minVersion || one.maxVersion);
}

/** Puts an entry into the first file that does not name its catalog yet: of two an image set is refused. */
function place(entry: OperatorCatalog, files: OperatorCatalog[][]): void {
  const free = files.find((file) => !file.some(({ catalog }) => catalog === entry.catalog));
  if (free) free.push(entry);
  else files.push([entry]);
}

/**
 * Says which operators go, in the words of configurations for deleting: one list of entries for each file that it takes.
 *
 * Catalogs are named by the digest that they had, so that the same bundles are found. A package of which everything goes is asked
 * for as before, else each version by itself; one file can name a catalog, and a package of it, only once.
 */
export function removedOperators(
  plan: Pick<Plan, 'changes'>,
  before: ImageSet,
  catalogs: readonly CollectedCatalog[],
): readonly (readonly OperatorCatalog[])[] {
  const files: OperatorCatalog[][] = [];
  for (const { entry: index, digest, filtered } of catalogs) {
    const entry = before.mirror.operators?.[index];
    const removed = removedBundles(plan, before.name, index);
    if (!entry || removed.size === 0) continue;
    const wishes = filtered.packages.map((one) => wishesFor(one, entry, removed));
    const depth = Math.max(...wishes.map(({ length }) => length));
    for (let turn = 0; turn < depth; turn += 1) {
      const packages = wishes.flatMap((one) => one[turn] ?? []);
      const full = entry.full === true && !packages.some(isRange);
      const catalog = pinned(entry.catalog, digest);
      place({ catalog, packages, ...(full && { full }) }, files);
    }
  }
  return files;
}
