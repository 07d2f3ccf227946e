import { createBudget } from '../base/index.ts';
import { MirrorError, RegistryError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { algorithmOf, type Digest, parseManifest, successors } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { type Endpoints, targetRepository } from './endpoints.ts';
import { putManifests } from './repair.ts';
import type { Damage } from './verify.ts';

/** The fates of the images that an apply removed, before a restore. */
export interface RestorePlan {
  /** They can be put back. */
  readonly ready: readonly UndoRecord[];
  /** They are there again already. */
  readonly there: readonly UndoRecord[];
  /** They cannot be put back; each has its reason. */
  readonly lost: readonly Damage[];
}

const again = 'Nothing was lost: run "restore" again when the target takes the image.';
const collected =
  'The registry has collected its blobs: add the image to an image set again and apply; it is mirrored from its source.';

/** A registry answers 400 or 404 for a manifest whose parts it lacks; other answers have another remedy. */
function hintFor(thrown: MirrorError): string {
  const status = thrown instanceof RegistryError ? (thrown.status ?? 0) : 404;
  return [400, 404].includes(status) ? collected : (thrown.hint ?? again);
}

/** Gives every blob of an image and of its children, each once. */
function blobsOf({ manifests }: UndoRecord): readonly Digest[] {
  const blobs = manifests.flatMap(
    ({ raw, mediaType, digest }) =>
      successors(parseManifest(raw, mediaType, algorithmOf(digest))).blobs,
  );
  return [...new Set(blobs.map(({ digest }) => digest))];
}

/** Asks a registry for each blob of a repository once. */
function blobFinder(
  endpoints: Endpoints,
): (repository: Repository, digest: Digest) => Promise<boolean> {
  const budget = createBudget(endpoints.parallel);
  const known = new Map<string, Promise<boolean>>();
  return (repository, digest) => {
    const key = `${repository.name}@${digest}`;
    const asked = known.get(key) ?? budget.spend(1, () => repository.blobs.exists(digest));
    known.set(key, asked);
    return asked;
  };
}

/** Looks at the place of an image: it is empty, holds the image, or holds something else, which stays. */
async function lookAtPlace(
  { placement, replacedBy }: UndoRecord,
  repository: Repository,
): Promise<'empty' | 'there' | Damage> {
  const reference = replacedBy ? placement.digest : placement.tag;
  const named = (await repository.manifests.resolve(reference))?.digest;
  if (named === undefined) return 'empty';
  if (named === placement.digest) return 'there';
  const message = `${placeKey(placement)} names ${named} by now`;
  return { placement, message, hint: 'Remove that tag first if the old image is wanted.' };
}

/** Tells the fate of one image since it was removed: it can be put back, is there, or is lost. */
async function inspect(
  record: UndoRecord,
  repository: Repository,
  hasBlob: ReturnType<typeof blobFinder>,
): Promise<'ready' | 'there' | Damage> {
  const { placement } = record;
  const held = await lookAtPlace(record, repository);
  if (held !== 'empty') return held;
  const blobs = blobsOf(record);
  const found = await Promise.all(blobs.map((digest) => hasBlob(repository, digest)));
  const missing = found.filter((one) => !one).length;
  if (missing === 0) return 'ready';
  const message = `${missing} of the ${blobs.length} blobs of ${placeKey(placement)} are gone`;
  return { placement, message, hint: collected };
}

/**
 * Plans a restore. Reads only: one request for each image, and one for each blob of an image that is missing.
 * @throws RegistryError when the target does not answer
 */
export async function planRestore(
  records: readonly UndoRecord[],
  endpoints: Endpoints,
): Promise<RestorePlan> {
  const hasBlob = blobFinder(endpoints);
  const budget = createBudget(endpoints.parallel);
  const fates = await Promise.all(
    records.map((record) => {
      const repository = targetRepository(endpoints, record.placement.repository);
      return budget.spend(1, () => inspect(record, repository, hasBlob));
    }),
  );
  return {
    ready: records.filter((_, index) => fates[index] === 'ready'),
    there: records.filter((_, index) => fates[index] === 'there'),
    lost: fates.filter((fate) => typeof fate === 'object'),
  };
}

/**
 * Puts removed images back that {@link planRestore} found ready.
 *
 * Order: children before parents, tags last. An image that had been replaced at its place before it went is put back
 * without the tag. Failures belong to their own image.
 */
export async function restoreRecords(records: readonly UndoRecord[], endpoints: Endpoints) {
  const restored: UndoRecord[] = [];
  const failed: Damage[] = [];
  for (const record of records) {
    const { placement, manifests } = record;
    const { tag, digest } = placement;
    const repository = targetRepository(endpoints, placement.repository);
    try {
      // The place was empty when all were looked at; another client may have taken it since.
      const held = await lookAtPlace(record, repository);
      if (typeof held === 'object') {
        failed.push(held);
        continue;
      }
      const place = record.replacedBy ? { digest } : { tag, digest };
      if (held === 'empty') await putManifests(repository, manifests, place);
      restored.push(record);
    } catch (thrown) {
      if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
      failed.push({ placement, message: thrown.message, hint: hintFor(thrown) });
    }
  }
  return { restored, failed };
}
