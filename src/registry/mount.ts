import { RegistryError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import type { Place } from './place.ts';
import { cancelUpload, pushAccess, readSession } from './upload-session.ts';

/**
 * Asks a registry to take a blob over from another of its repositories.
 *
 * Effects: one POST; where the registry opens an upload instead, one DELETE cancels that. Any other outcome counts as a
 * refusal: the upload that follows tells whether the registry can be reached and written to.
 * @see distribution-spec v1.1, end-11
 */
export async function mountBlob(
  place: Place,
  digest: Digest,
  from: string,
): Promise<'mounted' | 'refused'> {
  try {
    return await askToMount(place, digest, from);
  } catch (error) {
    if (error instanceof RegistryError) return 'refused';
    throw error;
  }
}

async function askToMount(place: Place, digest: Digest, from: string) {
  const query = new URLSearchParams({ mount: digest, from });
  const answer = await place.host.once({
    method: 'POST',
    at: `/v2/${place.name}/blobs/uploads/?${query}`,
    access: { ...pushAccess(place), from },
    headers: { 'content-length': '0' },
  });
  await answer.drop();
  if (answer.status === 201) return 'mounted';
  if (answer.status === 202) await cancelUpload(place, readSession(answer));
  return 'refused';
}
