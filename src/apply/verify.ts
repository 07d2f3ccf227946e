import { type Budget, createBudget, mapParallel, sortBy, sortedUnique } from '../base/index.ts';
import { ContentError, messageOf, RegistryError } from '../errors.ts';
import { isAttached, type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { isLost, walk } from '../mirror/index.ts';
import { type Descriptor, successors } from '../oci/index.ts';
import { parsePlatform } from '../plan/index.ts';
import { findManifest, type Repository } from '../registry/index.ts';
import { type Endpoints, targetRepository } from './endpoints.ts';
import type { ApplyEvent } from './types.ts';

/** A mirrored image that is not whole any more. */
export interface Damage {
  readonly placement: MirroredPlacement;
  readonly message: string;
  readonly hint: string;
  /** Its tag names another image, which stays: nothing is brought there. */
  readonly isMoved?: true;
  /** Its bytes in the target are wrong, or the target fails to read them; so may any other look at it. */
  readonly isUnreadable?: true;
}

type Fault = Omit<Damage, 'placement'>;

const bringBack =
  'Run "apply" again, or "verify" with "repair": what is missing is mirrored again.';
/** Apply trusts a tag that is there. */
const mend = 'Run "verify" with "repair": what is missing is mirrored again.';
const whoseTag =
  'Another client set this tag. If the mirrored image is wanted, remove that tag first, then run "apply" again.';

/** Registries keep bytes that they have under a digest, right or wrong: pushing them again may not help. */
const mendStorage = `${mend} Where that does not help, its storage is damaged: delete the image there, an index with its children, let the garbage collection run, and repair again.`;

/** Tells a failure that is an image's own: its bytes are wrong, or the registry fails to read them. @throws others as they are */
function faultOfAnswer(thrown: unknown): Fault {
  const isOwn =
    thrown instanceof ContentError || (thrown instanceof RegistryError && thrown.status === 500);
  if (!isOwn) throw thrown;
  const message = `it cannot be read: ${messageOf(thrown)}`;
  return { message, hint: mendStorage, isUnreadable: true };
}

/** How parts of the target are asked for; each once. */
interface Questions {
  readonly budget: Budget;
  hasBlob(blob: Descriptor): Promise<boolean>;
}

/** Tells whether the tag names its image: one HEAD. */
async function faultOfTag(
  placement: MirroredPlacement,
  repository: Repository,
  { budget }: Pick<Questions, 'budget'>,
): Promise<Fault | undefined> {
  const named = await budget.spend(1, () => findManifest(repository, placement.tag));
  if (!named) return { message: 'the tag is gone', hint: bringBack };
  if (named.digest === placement.digest) return undefined;
  return { message: `the tag names another image, ${named.digest}`, hint: whoseTag, isMoved: true };
}

/** Manifests are asked for at the target itself: what the cache has proves nothing. */
async function faultOf(
  placement: MirroredPlacement,
  repository: Repository,
  { budget, hasBlob }: Questions,
): Promise<Fault | undefined> {
  const fault = await faultOfTag(placement, repository, { budget });
  if (fault) return fault;
  const found = await walk(placement.digest, {
    read: (digest) => budget.spend(1, () => repository.manifests.fetch(digest)),
    platforms: placement.platforms?.map(parsePlatform),
  });
  const manifests = found.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  if (found.some(isLost)) {
    return { message: 'its manifests are gone', hint: mend };
  }
  const all = manifests.flatMap((one) => successors(one).blobs);
  const there = await Promise.all(all.map(hasBlob));
  const missing = all.filter((_, index) => !there[index]);
  const [first] = missing;
  if (!first) return undefined;
  const message =
    missing.length === 1
      ? `its blob ${first.digest} is gone or cut short`
      : `${missing.length} of its blobs are gone or cut short, ${first.digest} among them`;
  return { message, hint: mendStorage };
}

/** The depth of a check, and its listener. */
export interface VerifyOptions {
  /** `tags`: each tag names its digest, one HEAD each. `blobs`, the default: everything below it is there too. */
  readonly depth?: 'tags' | 'blobs' | undefined;
  listener(event: ApplyEvent): void;
}

/**
 * Lists tags beside mirrored images that the state does not know: another tool or person put them there.
 *
 * Effects: one list for each repository. A repository that cannot be listed is left out.
 */
export async function findForeignTags(
  placements: readonly MirroredPlacement[],
  endpoints: Endpoints,
): Promise<readonly string[]> {
  const known = new Set(placements.map(placeKey));
  const names = sortedUnique(placements.map(({ repository }) => repository));
  const listed = await mapParallel(names, endpoints.parallel, async (name) => {
    const tags = await targetRepository(endpoints, name)
      .tags.list()
      .catch((thrown: unknown) => {
        if (thrown instanceof RegistryError) return undefined;
        throw thrown;
      });
    return (tags ?? []).map((tag) => placeKey({ repository: name, tag }));
  });
  return listed.flat().filter((key) => !known.has(key));
}

/**
 * Looks whether everything that the state lists is there and whole: every tag names its digest, every manifest below it is
 * there (children of platforms that were left out excepted), and so is every blob.
 *
 * Effects: reads only. Each manifest and blob is asked for once for each repository.
 * @throws RegistryError when the target does not answer
 */
export async function verifyTarget(
  placements: readonly MirroredPlacement[],
  endpoints: Endpoints,
  { depth = 'blobs', listener }: VerifyOptions,
): Promise<readonly Damage[]> {
  const budget = createBudget(endpoints.parallel);
  const blobs = new Map<string, Promise<boolean>>();
  const damages: Damage[] = [];
  const total = placements.filter((one) => !isAttached(one)).length;
  let done = 0;
  listener({ type: 'phase', phase: 'verify', total });

  function askBlob(repository: Repository, { digest, size }: Descriptor): Promise<boolean> {
    const key = `${repository.name}@${digest}`;
    const known = blobs.get(key) ?? budget.spend(1, () => repository.blobs.exists(digest, size));
    blobs.set(key, known);
    return known;
  }

  async function check(placement: MirroredPlacement): Promise<void> {
    const repository = targetRepository(endpoints, placement.repository);
    const hasBlob = (blob: Descriptor) => askBlob(repository, blob);
    const look =
      depth === 'tags'
        ? faultOfTag(placement, repository, { budget })
        : faultOf(placement, repository, { budget, hasBlob });
    const fault = await look.catch(faultOfAnswer);
    if (fault) damages.push({ placement, ...fault });
    if (!isAttached(placement)) done += 1;
    listener({ type: 'progress', done, total, bytes: 0 });
  }

  await Promise.all(placements.map(check));
  return sortBy(damages, ({ placement }) => placeKey(placement));
}
