import { onTestFinished } from 'vitest';
import type { Endpoints } from '../../src/apply/index.ts';
import type { FakeRegistry, FakeSettings } from '../../src/fake-registry/index.ts';
import type { MirroredPlacement, PinnedPlacement } from '../../src/imageset/index.ts';
import { createManifestReader } from '../../src/mirror/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { linesOf } from '../mirror/scene.ts';
import { pushTo, type TestImage } from '../support/images.ts';
import { wired } from '../support/wire.ts';

/** Both ends of a mirror, without a use case around them. */
export interface Ends {
  readonly source: FakeRegistry;
  readonly target: FakeRegistry;
  readonly endpoints: Endpoints;
  /** An image as it is wanted at `team/app:<tag>`, from the repository of that name at the source. */
  wanted(image: TestImage, tag: string, repository?: string): PinnedPlacement;
  /** The requests that both got, in order; reading them empties both. */
  asked(): { readonly source: readonly string[]; readonly target: readonly string[] };
}

/** An image as the state knows it. */
export function mirrored(
  image: TestImage,
  tag: string,
  repository = 'team/app',
): MirroredPlacement {
  return {
    ...image.manifest.descriptor,
    repository,
    tag,
    kind: 'generic',
    origin: `source.test/${repository}:${tag}`,
    imageSets: ['a.yaml'],
  };
}

/** Puts an image to where it is wanted, by whomever. */
export function place(fake: FakeRegistry, image: TestImage, tag?: string, repository = 'team/app') {
  pushTo(fake.store, repository, tag, image);
}

/** Sets up both ends; manifests are cached in memory. */
export async function makeEnds(settings: Partial<FakeSettings> = {}): Promise<Ends> {
  const [source, target] = [await wired(), await wired({ pageSize: 100, ...settings })];
  onTestFinished(async () => {
    await Promise.all([source.close(), target.close()]);
  });
  const cache = new Map<Digest, Uint8Array>();
  return {
    source: source.fake,
    target: target.fake,
    endpoints: {
      source: source.registries,
      target: target.registries,
      registry: target.host,
      manifests: createManifestReader({
        get: async (digest) => cache.get(digest),
        put: async (digest, bytes) => void cache.set(digest, bytes),
      }),
      parallel: 4,
    },
    wanted: (image, tag, repository = 'team/app') => ({
      source: { registry: source.host, repository, digest: image.manifest.descriptor.digest },
      target: { repository, tag },
      kind: 'generic',
      origin: `${source.host}/${repository}:${tag}`,
      causes: [],
      content: image.manifest.descriptor,
    }),
    asked() {
      const asked = { source: linesOf(source.fake), target: linesOf(target.fake) };
      for (const { fake } of [source, target]) fake.log.clear();
      return asked;
    },
  };
}
