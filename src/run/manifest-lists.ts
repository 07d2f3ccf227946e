import { mapParallel } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { MirrorError } from '../errors.ts';
import { inCopyOrder, type MappingRoute, mappingLines, type Placement } from '../imageset/index.ts';
import type { Manifest } from '../oci/index.ts';
import type { Session } from './session.ts';
import type { MappingEntry } from './types.ts';

/** Says between what the mapping of a run leads. */
export function routeOf({ target, settings, sources }: Session): MappingRoute {
  const { localCache: cache = defaultCache, maxNestedPaths = 0 } = settings;
  // The names in the cache cannot be told from paths that were shortened.
  const loadedBelow = sources && maxNestedPaths === 0 ? target.prefix : undefined;
  return { registry: target.registry, cache, loadedBelow };
}

/** The address of oc-mirror's local cache, unless a user names another. */
const defaultCache = 'localhost:55000';

function childrenOf(manifest: Manifest | undefined): string[] {
  return manifest?.kind === 'index' ? manifest.manifests.map(({ digest }) => digest) : [];
}

/**
 * Lists every image with the children of its index, in copy order. The line of one that could not be looked into stands alone.
 * @see oc-mirror v2, `--dry-run-manifest-lists`
 */
export async function listChildren(placements: readonly Placement[], session: Session) {
  const { endpoints } = session;
  const diagnostics: Diagnostic[] = [];
  const inspect = async (placement: Placement): Promise<MappingEntry[]> => {
    const { registry, repository, tag = '', digest } = placement.source;
    const lines = mappingLines(placement, routeOf(session));
    try {
      const { manifests } = endpoints.source.repository(registry, repository);
      const children = childrenOf(await manifests.fetch(digest ?? tag));
      return lines.map((line) => ({ ...line, children }));
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
      return lines;
    }
  };
  const mapping = await mapParallel(inCopyOrder(placements), endpoints.parallel, inspect);
  return { mapping: mapping.flat(), diagnostics };
}
