import type { Digest } from '../oci/index.ts';
import type { Place } from './place.ts';
import { expectStatus } from './response.ts';
import { cancelUpload, pushAccess, readSession } from './upload-session.ts';

/** Statuses by which a registry says no to this mount, and not to the upload that would replace it. */
const refusals: readonly number[] = [400, 403, 404, 405];

/**
 * Asks a registry to take a blob over from another of its repositories.
 *
 * Effects: one POST; where the registry opens an upload instead, that is given up by one DELETE.
 * @see distribution-spec v1.1, end-11
 */
export function mountBlob(
  place: Place,
  digest: Digest,
  from: string,
): Promise<'mounted' | 'refused'> {
  const query = new URLSearchParams({ mount: digest, from });
  return place.host.call(
    {
      method: 'POST',
      at: `/v2/${place.name}/blobs/uploads/?${query}`,
      access: { ...pushAccess(place), from },
      headers: { 'content-length': '0' },
    },
    async (answer) => {
      if (refusals.includes(answer.status)) {
        await answer.drop();
        return 'refused';
      }
      await expectStatus(answer, 201, 202);
      await answer.drop();
      if (answer.status === 201) return 'mounted';
      if (answer.header('location')) await cancelUpload(place, readSession(answer));
      return 'refused';
    },
  );
}
