import { dockerTransport, parseImageSpec } from './image-spec.ts';
import type { ImageKind, Placement } from './placement.ts';

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
};

/** Sorts placements as oc-mirror copies them; within a kind the order of collection stays. */
export function inCopyOrder<P extends Placement>(placements: readonly P[]): P[] {
  return placements.toSorted((a, b) => copyOrder[a.kind] - copyOrder[b.kind]);
}

/**
 * Writes where an image is pulled from, with its transport, as oc-mirror does.
 *
 * An additional image with both a tag and a digest is pulled by its digest and shown so; everything else is shown as it
 * is written.
 */
export function sourceText({ kind, origin }: Placement): string {
  const spec = parseImageSpec(origin);
  if (kind !== 'generic' || spec.tag === '' || spec.digest === undefined) {
    return spec.transport + spec.reference;
  }
  const name = spec.domain === '' ? spec.path : `${spec.domain}/${spec.path}`;
  return `${spec.transport}${name}@${spec.digest}`;
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
      const { repository, tag } = placement.target;
      return `${sourceText(placement)}=${dockerTransport}${registry}/${repository}:${tag}\n`;
    })
    .join('');
}
