import pLimit from 'p-limit';
import type { Diagnostic } from '../diagnostic.ts';
import { MirrorError } from '../errors.ts';
import { inCopyOrder, type Placement, placeKey, sourceText } from '../imageset/index.ts';
import type { Manifest } from '../oci/index.ts';
import type { Session } from './session.ts';
import type { MappingEntry } from './types.ts';

/** A mapping in which the children of indexes have lines of their own. */
export interface DetailedMapping {
  readonly mapping: readonly MappingEntry[];
  /** Images that could not be looked into: their lines stand alone. */
  readonly diagnostics: readonly Diagnostic[];
}

function childrenOf(manifest: Manifest | undefined): string[] {
  return manifest?.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : [];
}

/**
 * Lists every image with the children of its index, in copy order.
 * @see oc-mirror v2, `--dry-run-manifest-lists`
 */
export async function listChildren(
  placements: readonly Placement[],
  { ways, target }: Session,
): Promise<DetailedMapping> {
  const limit = pLimit(ways.parallel);
  const diagnostics: Diagnostic[] = [];
  const inspect = async (placement: Placement): Promise<MappingEntry> => {
    const { registry, repository, tag = '', digest } = placement.source;
    const entry = {
      source: sourceText(placement),
      destination: `docker://${target.registry}/${placeKey(placement.target)}`,
    };
    try {
      const { manifests } = ways.source.repository(registry, repository);
      return { ...entry, children: childrenOf(await manifests.fetch(digest ?? tag)) };
    } catch (thrown) {
      if (!(thrown instanceof MirrorError)) throw thrown;
      diagnostics.push({
        severity: 'warning',
        code: 'source-unreadable',
        summary: 'An image could not be looked into; its line stands alone.',
        detail: thrown.message,
        text: placement.origin,
        at: placement.causes[0]?.at,
      });
      return entry;
    }
  };
  const mapping = await Promise.all(
    inCopyOrder(placements).map((placement) => limit(() => inspect(placement))),
  );
  return { mapping, diagnostics };
}
