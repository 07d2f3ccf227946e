import type { Descriptor, Digest } from '../oci/index.ts';
import type { Repository } from './repository.ts';

/**
 * Asks for a manifest whose absence has consequences: one HEAD, and where that finds none, one GET.
 *
 * Some registries answer 404 to every HEAD, and caches do so for what they have not fetched yet.
 */
export async function findManifest(
  { manifests }: Pick<Repository, 'manifests'>,
  reference: Digest | string,
): Promise<Descriptor | undefined> {
  return (await manifests.resolve(reference)) ?? (await manifests.fetch(reference))?.descriptor;
}
