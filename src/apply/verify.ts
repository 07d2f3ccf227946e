import pLimit from 'p-limit';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { walk } from '../mirror/index.ts';
import { blobsOf, type Descriptor, type Manifest } from '../oci/index.ts';
import type { ApplyEvent } from './types.ts';
import { targetRepository, type Ways } from './ways.ts';

/** A mirrored image that is not whole any more. */
export interface Damage {
  readonly placement: MirroredPlacement;
  readonly message: string;
  readonly hint: string;
}

const mirrorAgain = 'Run apply again: what is missing is mirrored again.';

/**
 * Looks whether everything that the state lists is there and whole: every tag names its digest, every manifest below it is
 * there (children of platforms that were left out excepted), and so is every blob.
 *
 * Effects: reads only. Each manifest and blob is asked for once for each repository.
 * @throws RegistryError when the target does not answer
 */
export async function verifyTarget(
  placements: readonly MirroredPlacement[],
  ways: Ways,
  listener: (event: ApplyEvent) => void,
): Promise<readonly Damage[]> {
  const limit = pLimit(ways.parallel);
  const blobs = new Map<string, Promise<boolean>>();
  const damages: Damage[] = [];
  let done = 0;
  listener({ type: 'phase', phase: 'verify', total: placements.length });

  function hasBlob(repository: string, { digest }: Descriptor): Promise<boolean> {
    const key = `${repository}@${digest}`;
    const known =
      blobs.get(key) ?? limit(() => targetRepository(ways, repository).blobs.exists(digest));
    blobs.set(key, known);
    return known;
  }

  /** Manifests are asked for at the target itself: what the cache has proves nothing. */
  async function faultOf(placement: MirroredPlacement): Promise<string | undefined> {
    const repository = targetRepository(ways, placement.repository);
    const named = await limit(() => repository.manifests.resolve(placement.tag));
    if (!named) return 'the tag is gone';
    if (named.digest !== placement.digest) return `the tag names ${named.digest}`;
    const found = await walk(placement.digest, {
      read: (digest) => limit(() => repository.manifests.fetch(digest)),
    });
    const manifests = found.flatMap(({ manifest }) => (manifest ? [manifest] : []));
    if (!isWhole(manifests, placement)) return 'its manifests are gone';
    const all = manifests.flatMap(blobsOf);
    const there = await Promise.all(all.map((blob) => hasBlob(placement.repository, blob)));
    const missing = all.filter((_, index) => !there[index]);
    const [first] = missing;
    return first && `${missing.length} of its blobs are gone, ${first.digest} among them`;
  }

  async function check(placement: MirroredPlacement): Promise<void> {
    const message = await faultOf(placement);
    if (message) damages.push({ placement, message, hint: mirrorAgain });
    done += 1;
    listener({ type: 'progress', done, total: placements.length, bytes: 0 });
  }

  await Promise.all(placements.map(check));
  return damages.sort((a, b) => (placeKey(a.placement) < placeKey(b.placement) ? -1 : 1));
}

/** The image itself, and of an index at least one child. */
function isWhole(manifests: readonly Manifest[], { digest }: MirroredPlacement): boolean {
  const root = manifests.find((manifest) => manifest.descriptor.digest === digest);
  if (!root) return false;
  return root.kind === 'image' || root.manifests.length === 0 || manifests.length > 1;
}
