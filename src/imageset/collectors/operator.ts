import { createOnce } from '../../base/index.ts';
import { type FilteredCatalog, filterDigest } from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import {
  type CollectedPart,
  type CollectionFailure,
  type Collector,
  emptyPart,
} from '../collector.ts';
import { causeAt } from '../entries.ts';
import type { Cause, Placement } from '../placement.ts';
import { type CatalogOpenerOptions, createCatalogOpener } from './catalog-opener.ts';
import {
  catalogFailure,
  examineFiltered,
  type OperatorEntry,
  operatorEntries,
  readEntry,
} from './operator-entry.ts';
import {
  type CatalogContent,
  type ChosenCatalog,
  catalogPlacement,
  joinImages,
  operatorImages,
  originalContent,
  rebuiltContent,
} from './operator-placements.ts';
import { filterStored } from './stored-operators.ts';
import type { WorkspaceImages } from './workspace-images.ts';

/** The means to collect operators. */
export interface OperatorCollectorOptions extends CatalogOpenerOptions {
  /** Registers the images that are made here. */
  readonly images: WorkspaceImages;
  /** `name`: filtered catalogs are not made, as in a dry run; their place is named after the filter where it needs a name. */
  readonly rebuilding: 'make' | 'name';
}

/** Findings of names that the catalog does not have. */
const unknownNames: ReadonlySet<string> = new Set(['unknown-package', 'unknown-channel']);

/** The result of one entry. */
interface Collected {
  readonly entry: OperatorEntry;
  readonly chosen?: ChosenCatalog;
  readonly catalog?: Placement;
  readonly failures: readonly CollectionFailure[];
  readonly remarks?: readonly Diagnostic[];
}

/**
 * Gives the collector of operators: the images of every bundle that an entry keeps of its catalog, and the catalog.
 *
 * All catalogs are tried, and every fault is reported; a failure leaves out the operators of its entry. In a file for
 * deleting it leaves out those of all catalogs, as with oc-mirror. An image that two bundles need is one placement with both
 * as causes. A file for deleting gives no catalogs, for clusters may use them. All image sets share catalogs, filters and
 * rebuilds.
 * @see oc-mirror v2, operator collection
 */
export function createOperatorCollector(options: OperatorCollectorOptions): Collector {
  const { images, rebuilding } = options;
  const open = createCatalogOpener(options);
  const filters = createOnce<FilteredCatalog>();
  const rebuilds = createOnce<CatalogContent>();

  // Two entries that choose alike must not write the same layers at the same time.
  const contentOf = async (chosen: ChosenCatalog): Promise<CatalogContent> =>
    rebuilding === 'make' && !chosen.filtered.isWhole
      ? await rebuilds.run(chosen.filterTag, () => rebuiltContent(chosen, images))
      : originalContent(chosen, images);

  async function collectOne(entry: OperatorEntry, prefix: string): Promise<Collected> {
    const reference = readEntry(entry);
    if ('diagnostic' in reference) return { entry, failures: [reference] };
    try {
      const opened = await open(reference);
      const filterTag = filterDigest(entry.catalog, reference.name, opened.digest);
      const filtered = await filters.run(filterTag, () =>
        filterStored(opened.catalog, entry.catalog, filterTag),
      );
      const chosen = { entry, reference, opened, filtered, filterTag };
      const { failures, remarks } = examineFiltered(filtered, entry);
      const isWanted = entry.imageSet.kind === 'ImageSetConfiguration';
      if (failures.length > 0 || !isWanted) return { entry, chosen, failures, remarks };
      const content = await contentOf(chosen);
      const catalog = catalogPlacement(chosen, { content, images }, prefix);
      return { entry, chosen, catalog, failures, remarks };
    } catch (thrown) {
      return { entry, failures: [catalogFailure(thrown, 'collect', entry)] };
    }
  }

  return {
    kind: 'operator',
    async collect(imageSet, prefix): Promise<CollectedPart> {
      const entries = operatorEntries(imageSet);
      const collected = await Promise.all(entries.map((entry) => collectOne(entry, prefix)));
      return assemble(collected, prefix);
    },
  };
}

function assemble(collected: readonly Collected[], prefix: string): CollectedPart {
  const failures = collected.flatMap((one) => one.failures);
  const chosen = collected.flatMap((one) => one.chosen ?? []);
  const isSound = ({ entry, failures: own }: Collected): boolean =>
    entry.imageSet.kind === 'ImageSetConfiguration' ? own.length === 0 : failures.length === 0;
  const wanted = collected.filter(isSound);
  const images = wanted.flatMap((one) => (one.chosen ? operatorImages(one.chosen, prefix) : []));
  return {
    ...emptyPart,
    placements: [...joinImages(images), ...wanted.flatMap((one) => one.catalog ?? [])],
    catalogs: chosen.map(({ entry, opened, filtered }) => ({
      entry: entry.index,
      digest: opened.digest,
      filtered,
      reader: opened.catalog,
    })),
    diagnostics: collected.flatMap(({ remarks = [] }) => remarks),
    failures,
    gaps: collected.flatMap(gapsOf),
  };
}

/** Names the entry when it fails, and otherwise its packages of which something is not in the catalog. */
function gapsOf({ entry, chosen, failures }: Collected): readonly Cause[] {
  const { imageSet, index } = entry;
  if (failures.length > 0) return [causeAt(imageSet, 'operators', index)];
  const unknown = (chosen?.filtered.findings ?? []).filter(({ code }) => unknownNames.has(code));
  return unknown.map(({ path }) => causeAt(imageSet, 'operators', index, ...path.slice(0, 2)));
}
