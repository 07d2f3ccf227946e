import { dockerTransport, parseImageSpec } from './image-spec.ts';
import { type ImageKind, type Placement, placeKey, type TargetPlace } from './placement.ts';
import { withPrefix } from './target-name.ts';

/** The order in which oc-mirror copies, and therefore lists. */
const copyOrder: Readonly<Record<ImageKind, number>> = {
  ocpReleaseContent: 1,
  ocpRelease: 3,
  cincinnatiGraph: 4,
  operatorRelatedImage: 5,
  generic: 6,
  helmImage: 7,
  operatorBundle: 8,
  operatorCatalog: 9,
  signature: 0,
};

/** Sorts placements as oc-mirror copies them; within a kind the order of collection stays. */
export function inCopyOrder<P extends Placement>(placements: readonly P[]): P[] {
  return placements.toSorted((a, b) => copyOrder[a.kind] - copyOrder[b.kind]);
}

/** Kinds of which oc-mirror shows the digest alone. */
const pulledByDigest = new Set<ImageKind>([
  'generic',
  'helmImage',
  'operatorBundle',
  'operatorRelatedImage',
]);

/**
 * Writes where an image is pulled from, with its transport, as oc-mirror does.
 *
 * Additional images and those of charts and operators with both a tag and a digest are pulled by digest and shown so;
 * everything else is shown as it is written.
 */
export function sourceText({ kind, origin }: Placement): string {
  const spec = parseImageSpec(origin);
  if (!pulledByDigest.has(kind) || spec.tag === '' || spec.digest === undefined) {
    return spec.transport + spec.reference;
  }
  const name = spec.domain === '' ? spec.path : `${spec.domain}/${spec.path}`;
  return `${spec.transport}${name}@${spec.digest}`;
}

/** One line of a mapping, both sides with transport. */
export interface MappingLine {
  readonly source: string;
  readonly destination: string;
}

/** The ends of a mapping. */
export interface MappingRoute {
  /** Host of the target. */
  readonly registry: string;
  /** Host of oc-mirror's local cache, `localhost:55000`, through which catalogs pass. When mirroring to disk it is the target. */
  readonly cache: string;
  /** Where an archive is loaded: the path before all repositories of the target. The sources are then those of the cache. */
  readonly loadedBelow?: string | undefined;
}

function lineOf(placement: Placement, registry: string): MappingLine {
  const destination = `${dockerTransport}${registry}/${placeKey(placement.target)}`;
  // oc-mirror makes the graph image at its destination.
  const source = placement.kind === 'cincinnatiGraph' ? destination : sourceText(placement);
  return { source, destination };
}

/** Gives the place in the cache of what lies below a path of the target. */
function withoutPrefix({ repository, tag }: TargetPlace, prefix: string): TargetPlace {
  const beginning = withPrefix(prefix, '');
  return {
    repository: repository.startsWith(beginning) ? repository.slice(beginning.length) : repository,
    tag,
  };
}

/**
 * Gives the lines of one placement: one, and two for a catalog on its way to a registry, which oc-mirror brings into its local
 * cache, filters there, and copies from there.
 * @see oc-mirror v2, destination naming
 */
export function mappingLines(placement: Placement, route: MappingRoute): MappingLine[] {
  const { staging, target } = placement;
  const { destination, ...line } = lineOf(placement, route.registry);
  const cached = `${dockerTransport}${route.cache}/`;
  const { loadedBelow } = route;
  const source =
    loadedBelow === undefined
      ? line.source
      : cached + placeKey(staging?.place ?? withoutPrefix(target, loadedBelow));
  if (!staging) return [{ source, destination }];
  const first = { source, destination: cached + placeKey(staging.place) };
  if (route.registry === route.cache) return [first];
  const { rebuiltTag: tag, repository } = staging;
  const last = {
    source: tag === undefined ? source : `${cached}${repository}:${tag}`,
    destination,
  };
  return loadedBelow === undefined ? [first, last] : [last];
}

/**
 * Writes a `mapping.txt`: one line `<source>=docker://<registry>/<repository>:<tag>` for each placement, in copy order.
 *
 * `registry` is the target's host; when mirroring to disk it is the local cache, `localhost:55000`.
 * @see oc-mirror v2, `--dry-run`
 */
export function formatMapping(placements: readonly Placement[], registry: string): string {
  return inCopyOrder(placements)
    .map((placement) => {
      const { source, destination } = lineOf(placement, registry);
      return `${source}=${destination}\n`;
    })
    .join('');
}
