import { lastOfEach } from '../base/index.ts';
import { messageOf, RegistryError } from '../errors.ts';
import type { ReleaseSignature } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { LocatedImage } from '../resources/index.ts';
import type { Session } from './session.ts';

/** Signatures for clusters, and which releases have none. */
export interface ServedSignatures {
  readonly signatures: readonly ReleaseSignature[];
  readonly notes: readonly string[];
}

/** A release of the target. */
type ServedRelease = Pick<LocatedImage, 'kind' | 'repository' | 'tag'> & {
  readonly digest: Digest;
};

/**
 * Gives the signatures of all releases that the target holds: those that were collected just now, and those of earlier runs. A
 * cluster that runs an older release still verifies it. Releases that were deleted are not named any more.
 *
 * Never throws: a note tells of a release without a signature. A server that does not answer is asked once.
 */
export async function findServedSignatures(
  images: readonly ServedRelease[],
  collected: readonly ReleaseSignature[],
  { findSignature, target, settings }: Session,
): Promise<ServedSignatures> {
  if (settings.signal?.aborted) return { signatures: collected, notes: [] };
  const known = new Set(collected.map(({ digest }) => digest));
  const missing = images.filter(({ kind, digest }) => kind === 'ocpRelease' && !known.has(digest));
  const releases = lastOfEach(missing, ({ digest }) => digest);
  const found: ReleaseSignature[] = [];
  const notes: string[] = [];
  for (const { repository, tag, digest } of releases) {
    try {
      found.push(await findSignature({ registry: target.registry, repository, digest }));
    } catch (error) {
      if (settings.verifySignatures === 'off') continue;
      const lacks = `The ConfigMap of release signatures lacks ${repository}:${tag}`;
      notes.push(`${lacks}: ${messageOf(error)}`);
      if (error instanceof RegistryError) break;
    }
  }
  return { signatures: [...collected, ...found], notes };
}
