import { oneChunk } from '../base/index.ts';
import { RegistryError } from '../errors.ts';
import { type Digest, digestOf, encodeManifest, type Manifest, mediaTypes } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { placeholderBlobs } from './placeholder.ts';

/** An answer to one question of a probe; `unknown`: the registry failed before it answered. */
export type Able = 'yes' | 'no' | 'unknown';

/** The abilities of a registry that matter to a mirror, in the order of every view. */
export const abilities = [
  'deleteByDigest',
  'deleteTag',
  'keepOtherTags',
  'moveTag',
  'listAllTags',
  'referrersApi',
  'sparseIndex',
  'mountBlobs',
] as const;

/** One of the abilities. */
export type Ability = (typeof abilities)[number];

/** The answers of a registry. */
export type Abilities = Readonly<Record<Ability, Able>>;

/** Some registries leave a tag that begins with another one out of their lists. */
const tags = ['probe', 'probe-longer'] as const;

function imageOf(name: string, subject?: Manifest): Manifest {
  const [config, layer] = placeholderBlobs.map(({ descriptor }) => descriptor);
  return encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [layer],
    ...(subject && { subject: subject.descriptor }),
    annotations: { 'io.imageset-mirror.probe': name },
  });
}

/** An index of which the registry has no child. */
function sparseIndex(): Manifest {
  const child = imageOf('absent').descriptor;
  const platform = { os: 'linux', architecture: 'amd64' };
  return encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [{ ...child, platform }],
  });
}

/** Asks one question. A refusal means no; a registry that fails gives no answer. */
async function ask(question: () => Promise<boolean>): Promise<Able> {
  try {
    return (await question()) ? 'yes' : 'no';
  } catch (thrown) {
    if (!(thrown instanceof RegistryError)) throw thrown;
    const { status = 0 } = thrown;
    return status >= 400 && status < 500 && status !== 429 ? 'no' : 'unknown';
  }
}

async function isNamed(repository: Repository, tag: string, digest: Digest): Promise<boolean> {
  return (await repository.manifests.resolve(tag))?.digest === digest;
}

async function tagAbilities(repository: Repository, first: Manifest) {
  const { manifests } = repository;
  const { digest } = first.descriptor;
  const [short, long] = tags;
  for (const tag of tags) await manifests.push(first, tag);
  const listAllTags = await ask(async () => {
    // A survey also finds tags that the list leaves out: only its verdict is the answer.
    const found = await repository.tags.survey([...tags]);
    return found?.list === 'complete' && tags.every((tag) => found.tags.includes(tag));
  });
  const deleteTag = await ask(async () => {
    await repository.tags.delete(long);
    return !(await isNamed(repository, long, digest));
  });
  const keepOtherTags =
    deleteTag === 'yes' ? await ask(() => isNamed(repository, short, digest)) : 'unknown';
  const second = imageOf('second');
  const moveTag = await ask(async () => {
    await manifests.push(second, short);
    return isNamed(repository, short, second.descriptor.digest);
  });
  return { listAllTags, deleteTag, keepOtherTags, moveTag };
}

async function canRefer(repository: Repository, subject: Manifest): Promise<Able> {
  const referrer = imageOf('referrer', subject);
  return await ask(async () => {
    await repository.manifests.push(subject);
    await repository.manifests.push(referrer);
    const found = await repository.referrers.list(subject.descriptor.digest);
    return found.some(({ digest }) => digest === referrer.descriptor.digest);
  });
}

/** Removes the images of the probe, as far as the registry allows it; tells whether a digest could be deleted. */
async function cleanUp(repository: Repository): Promise<Able> {
  const first = imageOf('first');
  const pushed = [imageOf('referrer', first), sparseIndex(), imageOf('second'), first];
  const { manifests } = repository;
  await manifests.push(first, tags[0]).catch(() => undefined);
  const answers: Able[] = [];
  for (const { descriptor } of pushed) {
    const isThere = await ask(
      async () => (await manifests.resolve(descriptor.digest)) !== undefined,
    );
    if (isThere !== 'yes') continue;
    answers.push(
      await ask(async () => {
        await manifests.delete(descriptor.digest);
        return (await manifests.resolve(descriptor.digest)) === undefined;
      }),
    );
  }
  return answers.at(-1) ?? 'unknown';
}

/**
 * Finds out the abilities of a registry by trying them in a repository of its own, with an image of two small blobs.
 *
 * `other`: a second repository of the same registry, for the mount. Effects: some 30 requests. At the end everything is
 * deleted that the registry allows to delete.
 * @throws RegistryError when the repository takes no image at all
 */
export async function probeRegistry(repository: Repository, other: Repository): Promise<Abilities> {
  for (const { descriptor, bytes } of placeholderBlobs) {
    await repository.blobs.push(descriptor, async () => oneChunk(bytes));
  }
  const first = imageOf('first');
  const named = await tagAbilities(repository, first);
  const referrersApi = await canRefer(repository, first);
  const sparse = await ask(async () => {
    await repository.manifests.push(sparseIndex());
    return true;
  });
  const blob = placeholderBlobs[0]?.descriptor.digest ?? digestOf(new Uint8Array());
  const mountBlobs = await ask(
    async () => (await other.blobs.mount(blob, repository.name)) === 'mounted',
  );
  const deleteByDigest = await cleanUp(repository);
  return { ...named, referrersApi, sparseIndex: sparse, mountBlobs, deleteByDigest };
}
