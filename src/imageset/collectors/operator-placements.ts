import { firstOfEach } from '../../base/index.ts';
import { type FilteredCatalog, rebuildCached, renderCatalog } from '../../catalog/index.ts';
import { openMade } from '../../image/index.ts';
import type { Digest, Platform } from '../../oci/index.ts';
import { causeAt } from '../entries.ts';
import { dockerTransport, parseImageSpec, pullSource } from '../image-spec.ts';
import type { Placement, Source } from '../placement.ts';
import { digestTag, imagePlace, withPrefix } from '../target-name.ts';
import type { OpenedCatalog } from './catalog-opener.ts';
import { type CatalogReference, originOf, stagingPlace } from './catalog-reference.ts';
import type { OperatorEntry } from './operator-entry.ts';
import type { WorkspaceImages } from './workspace-images.ts';

/** An operator entry with what it chose. */
export interface ChosenCatalog {
  readonly entry: OperatorEntry;
  readonly reference: CatalogReference;
  readonly opened: OpenedCatalog;
  readonly filtered: FilteredCatalog;
  /** The digest of its filter, oc-mirror's tag of the filtered catalog. */
  readonly filterTag: string;
}

function platformsOf({ catalog }: OperatorEntry): { readonly platforms?: readonly Platform[] } {
  const { platforms = [] } = catalog;
  return platforms.length > 0 ? { platforms } : {};
}

/** Gives the images that the kept bundles of one catalog need; an image appears once for each package that needs it. */
export function operatorImages(
  { entry, filtered }: ChosenCatalog,
  prefix: string,
): readonly Placement[] {
  const { imageSet, index } = entry;
  const catalog = entry.catalog.catalog;
  return filtered.packages.flatMap(({ name, path, bundles }) => {
    const common = {
      causes: [causeAt(imageSet, 'operators', index, ...path)],
      ...platformsOf(entry),
    };
    const needs = bundles.flatMap((bundle) =>
      bundle.images.map((one) => ({
        ...one,
        need: { catalog, package: name, bundle: bundle.name },
      })),
    );
    return [...Map.groupBy(needs, ({ image }) => image)].map(([image, all]): Placement => {
      const spec = parseImageSpec(image);
      return {
        ...common,
        source: pullSource(spec),
        target: imagePlace(prefix, spec),
        // The last bundle that names the image decides, as with oc-mirror.
        kind: all.at(-1)?.type ?? 'operatorRelatedImage',
        origin: spec.transport === dockerTransport ? spec.reference : image,
        neededBy: all.map(({ need }) => need),
      };
    });
  });
}

/** Joins the platforms of two placements; a placement without platforms wants all of them. */
function unite(a: Placement, b: Placement): { readonly platforms?: readonly Platform[] } {
  if (!a.platforms || !b.platforms) return {};
  const all = [...a.platforms, ...b.platforms];
  return { platforms: firstOfEach(all, (one) => JSON.stringify(one)) };
}

/** Joins placements of the same image, whichever bundles and catalogs need it: all causes stay. */
export function joinImages(placements: readonly Placement[]): readonly Placement[] {
  const joined = new Map<string, Placement>();
  for (const placement of placements) {
    const known = joined.get(placement.origin);
    if (!known) {
      joined.set(placement.origin, placement);
      continue;
    }
    const paths = new Set(known.causes.map(({ path }) => path));
    const causes = [...known.causes, ...placement.causes.filter(({ path }) => !paths.has(path))];
    const needs = [...(known.neededBy ?? []), ...(placement.neededBy ?? [])];
    const neededBy = needs.length > 0 ? { neededBy: needs } : {};
    const { platforms: _, ...rest } = known;
    joined.set(placement.origin, { ...rest, ...unite(known, placement), causes, ...neededBy });
  }
  return [...joined.values()];
}

/** The source of the mirrored catalog. */
export interface CatalogContent {
  readonly source: Source;
  /** The digest of a filtered catalog that was made. */
  readonly rebuilt?: Digest;
}

/**
 * Makes the filtered catalog, unless it was made before.
 * @throws ContentError `CATALOG_INVALID`
 */
export async function rebuiltContent(
  { opened, filtered, filterTag }: ChosenCatalog,
  images: WorkspaceImages,
): Promise<CatalogContent> {
  const rebuilt = await rebuildCached(opened.image, opened.catalog, {
    key: filterTag,
    packages: () => renderCatalog(opened.catalog, filtered),
  });
  const { digest } = rebuilt.index.descriptor;
  return { source: images.add(digest, openMade(rebuilt, opened.repository)), rebuilt: digest };
}

/** Gives the catalog as it is upstream. */
export function originalContent(
  { reference, opened }: ChosenCatalog,
  images: WorkspaceImages,
): CatalogContent {
  const { digest, repository } = opened;
  if (reference.isLayout) return { source: images.add(digest, repository) };
  return { source: { ...pullSource(reference.spec), digest } };
}

function tagOf({ reference, opened, filtered, filterTag }: ChosenCatalog, content: CatalogContent) {
  if (reference.tag !== undefined) return reference.tag;
  if (filtered.isWhole) return digestTag(opened.digest);
  return content.rebuilt ? digestTag(content.rebuilt) : `sha256-${filterTag}`;
}

/**
 * Gives the placement of a catalog itself; one by digest alone is called after the digest of what is mirrored.
 * @see oc-mirror v2, destination naming
 */
export function catalogPlacement(
  chosen: ChosenCatalog,
  { content, images }: { readonly content: CatalogContent; readonly images: WorkspaceImages },
  prefix: string,
): Placement {
  const { entry, reference, opened, filtered, filterTag } = chosen;
  return {
    source: content.source,
    target: {
      repository: withPrefix(prefix, reference.repository),
      tag: tagOf(chosen, content),
    },
    kind: 'operatorCatalog',
    origin: originOf(reference, opened.digest),
    causes: [causeAt(entry.imageSet, 'operators', entry.index)],
    ...platformsOf(entry),
    staging: {
      source: originalContent(chosen, images).source,
      place: stagingPlace(reference, opened.digest),
      repository: reference.repository,
      ...(!filtered.isWhole && { rebuiltTag: filterTag }),
    },
  };
}
