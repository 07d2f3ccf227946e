import { MirrorError, RegistryError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { type Endpoints, targetRepository } from './endpoints.ts';
import { putManifests } from './put-manifests.ts';
import type { Damage } from './verify.ts';

/** What a restore came to. */
export interface Restored {
  readonly restored: readonly UndoRecord[];
  readonly failed: readonly Damage[];
}

const again = 'Nothing was lost: run "restore" again when the target takes the image.';
const collected =
  'The registry has collected its blobs: add the image to an image set again and apply; it is mirrored from its source.';

/** A registry answers 400 or 404 for a manifest whose parts it lacks; whatever else it says has another remedy. */
function hintFor(thrown: MirrorError): string {
  const status = thrown instanceof RegistryError ? (thrown.status ?? 0) : 404;
  return [400, 404].includes(status) ? collected : (thrown.hint ?? again);
}

/**
 * Puts removed images back, as long as the registry still has their blobs.
 *
 * Order: children before parents, tags last. A tag that names something else by now is not touched; what had been replaced
 * there before it went is put back without it. Failures belong to
 * their own image.
 */
export async function restoreRecords(
  records: readonly UndoRecord[],
  endpoints: Endpoints,
): Promise<Restored> {
  const restored: UndoRecord[] = [];
  const failed: Damage[] = [];
  for (const record of records) {
    const { placement, manifests } = record;
    const repository = targetRepository(endpoints, placement.repository);
    const named = (await repository.manifests.resolve(placement.tag))?.digest;
    if (named !== undefined && named !== placement.digest && !record.replacedBy) {
      const message = `${placeKey(placement)} names ${named} by now`;
      failed.push({
        placement,
        message,
        hint: 'Remove that tag first if the old image is wanted.',
      });
      continue;
    }
    try {
      const { tag, digest } = placement;
      const place = record.replacedBy ? { digest } : { tag, digest };
      if (named !== digest) await putManifests(repository, manifests, place);
      restored.push(record);
    } catch (thrown) {
      if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
      failed.push({ placement, message: thrown.message, hint: hintFor(thrown) });
    }
  }
  return { restored, failed };
}
