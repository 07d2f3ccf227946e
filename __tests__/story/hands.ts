import type { Digest } from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';
import type { TestImage } from '../support/images.ts';
import type { Lab, LabRegistry } from '../support/lab.ts';

/** Opens a repository of one side of a lab, as somebody does who does not know the tool. */
export function repositoryOf(lab: Lab, side: LabRegistry, name: string): Repository {
  return lab.wire.repository(side.host, name);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Pushes an image with everything below it, under a tag when there is one. */
export async function put(repository: Repository, image: TestImage, tag?: string): Promise<void> {
  for (const child of image.children) await put(repository, child);
  for (const { descriptor, bytes } of image.blobs) {
    await repository.blobs.push(descriptor, async () => once(bytes));
  }
  await repository.manifests.push(image.manifest, tag);
}

/** Sets a tag on what another reference of the same repository names. */
export async function retag(repository: Repository, from: string, tag: string): Promise<void> {
  const manifest = await repository.manifests.fetch(from);
  if (!manifest) throw new Error(`${repository.name} has no ${from}`);
  await repository.manifests.push(manifest, tag);
}

/** Pulls an image as a cluster does: all manifests below it, and all blobs to their last byte. Gives its digest. */
export async function pull(repository: Repository, reference: string): Promise<Digest> {
  const manifest = await repository.manifests.fetch(reference);
  if (!manifest) throw new Error(`${repository.name} has no ${reference}`);
  if (manifest.kind === 'index') {
    for (const child of manifest.manifests) await pull(repository, child.digest);
    return manifest.descriptor.digest;
  }
  for (const blob of [manifest.config, ...manifest.layers]) {
    // Its bytes are verified on the way.
    for await (const _ of await repository.blobs.fetch(blob));
  }
  return manifest.descriptor.digest;
}

/** Pulls every tag of some repositories, and the digest that it names; gives them as `repository:tag`. */
export async function pullAll(
  lab: Lab,
  names: readonly string[],
): Promise<ReadonlyMap<string, Digest>> {
  const pulled = new Map<string, Digest>();
  for (const name of names) {
    const repository = repositoryOf(lab, lab.target, name);
    for (const tag of (await repository.tags.list()) ?? []) {
      const digest = await pull(repository, tag);
      await pull(repository, digest);
      pulled.set(`${name}:${tag}`, digest);
    }
  }
  return pulled;
}

/** The two repositories in which releases lie. */
export const releaseRepositories = ['openshift/release', 'openshift/release-images'] as const;
