import { resolve } from 'node:path';
import { createOnce, mapParallel } from '../base/index.ts';
import { ConfigError, CopyError, MirrorError } from '../errors.ts';
import {
  type PinFailure,
  type PinnedPlacement,
  sourceText,
  workspaceRegistry,
} from '../imageset/index.ts';
import { childrenOf, maxDepth } from '../mirror/index.ts';
import { type Digest, isIndexType, parseReference } from '../oci/index.ts';
import { findManifest } from '../registry/index.ts';
import type { DockerName, TrustJudge } from '../trust/index.ts';
import type { Session } from './session.ts';

/** An image as a policy sees it. */
interface Judged {
  readonly name: DockerName;
  readonly registry: string;
  readonly repository: string;
  readonly digest: Digest;
}

/** Gives the image that has to be trusted. For an image that was made in the workspace, this is the one that it was made of. */
async function judgedOf(placement: PinnedPlacement, session: Session): Promise<Judged | undefined> {
  const { source, content, origin } = placement;
  const isMade = source.registry === workspaceRegistry;
  // The graph image is made of data that no registry has.
  if (isMade && placement.kind === 'cincinnatiGraph') return undefined;
  const { registry, repository, tag, digest } = isMade ? parseReference(origin) : source;
  const from = session.endpoints.source.repository(registry, repository);
  const found = isMade ? await findManifest(from, digest ?? tag ?? 'latest') : content;
  if (!found) throw new ConfigError('REFERENCE_INVALID', `${origin} is not there any more`);
  const name = `${registry}/${repository}`;
  const asked = digest === undefined ? { name, tag: tag ?? 'latest' } : { name, digest };
  return { name: asked, registry, repository, digest: found.digest };
}

/** Lists the manifests that need a signature: the image, or each image of an index, and not the index. */
async function imagesOf(
  { registry, repository, digest }: Judged,
  placement: PinnedPlacement,
  { endpoints }: Session,
): Promise<readonly Digest[]> {
  const from = endpoints.source.repository(registry, repository);
  const found = new Set<Digest>();
  const visit = async (at: Digest, depth: number): Promise<void> => {
    const manifest = await endpoints.manifests.read(from, at);
    if (manifest?.kind !== 'index' || depth > maxDepth) {
      found.add(at);
      return;
    }
    for (const { digest: child, mediaType } of childrenOf(manifest, placement.platforms)) {
      if (isIndexType(mediaType)) await visit(child, depth + 1);
      else found.add(child);
    }
  };
  await visit(digest, 0);
  return [...found];
}

const layoutTransport = /^oci:(?:\/\/)?/;

async function judgeOne(placement: PinnedPlacement, session: Session, judge: TrustJudge) {
  const { origin, content, source } = placement;
  if (layoutTransport.test(origin)) {
    const layout = resolve(origin.replace(layoutTransport, ''));
    const nowhere = session.endpoints.source.repository(source.registry, source.repository);
    await judge({ name: { name: origin }, digest: content.digest, repository: nowhere, layout });
    return;
  }
  const judged = await judgedOf(placement, session);
  if (!judged) return;
  const repository = session.endpoints.source.repository(judged.registry, judged.repository);
  for (const digest of await imagesOf(judged, placement, session)) {
    await judge({ name: judged.name, digest, repository });
  }
}

function failureOf(placement: PinnedPlacement, cause: MirrorError): PinFailure {
  const reference = sourceText(placement);
  return {
    placement,
    error: new CopyError({ side: 'source', operation: 'verify', reference, cause }),
  };
}

/**
 * Finds the images that the trust policy of the run rejects; without a policy there are none.
 *
 * An image whose signatures cannot be read is rejected too. As in oc-mirror, each image of an index needs a signature, and the
 * index needs none. A filtered catalog is judged by the catalog that it was made of.
 */
export async function findRejected(
  pinned: readonly PinnedPlacement[],
  session: Session,
): Promise<readonly PinFailure[]> {
  const { judge, endpoints } = session;
  if (!judge) return [];
  const once = createOnce<MirrorError | undefined>();
  const key = ({ source, content, platforms }: PinnedPlacement) =>
    JSON.stringify([source, content.digest, platforms]);
  const verdicts = await mapParallel(pinned, endpoints.parallel, (placement) =>
    once.run(key(placement), async () => {
      try {
        await judgeOne(placement, session, judge);
        return undefined;
      } catch (thrown) {
        if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
        return thrown;
      }
    }),
  );
  return pinned.flatMap((placement, index) => {
    const error = verdicts[index];
    return error ? [failureOf(placement, error)] : [];
  });
}
