import { join } from 'node:path';
import {
  type ArchivedImage,
  type Cache,
  type LoadedArchive,
  loadArchives,
  openCache,
  type WrittenArchive,
  writeArchive,
} from '../../src/archive/index.ts';
import { makeImage, type TestImage } from '../support/images.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { sourceOf } from '../support/wire.ts';

/** A cache, a working directory and a place for archives. */
export interface Scene {
  readonly directory: string;
  readonly cache: Cache;
  readonly workingDirectory: string;
  /** Puts an image into the cache. */
  add(image: TestImage, repository: string, tag?: string): Promise<ArchivedImage>;
  write(images: readonly ArchivedImage[], changes?: Changes): Promise<WrittenArchive>;
  load(from: string): Promise<LoadedArchive>;
}

interface Changes {
  readonly most?: number;
  readonly large?: 'refuse' | 'alone';
  readonly since?: string;
  readonly stamp?: string;
  readonly to?: string;
  readonly naming?: 'stream';
}

export async function pushInto(
  scene: Pick<Scene, 'cache'>,
  image: TestImage,
  [repository, tag]: readonly [string, string?],
): Promise<void> {
  const { manifests, blobs } = scene.cache.repository('cache', repository);
  for (const child of image.children) await pushInto(scene, child, [repository]);
  for (const blob of image.blobs) await blobs.push(blob.descriptor, sourceOf(blob.bytes));
  await manifests.push(image.manifest, tag);
}

export function makeScene(files: Readonly<Record<string, string>> = {}): Scene {
  const directory = tempDirectory(files);
  const cache = openCache(join(directory, 'cache'));
  const workingDirectory = join(directory, 'working-dir');
  return {
    directory,
    cache,
    workingDirectory,
    async add(image, repository, tag = 'latest') {
      await pushInto({ cache }, image, [repository, tag]);
      return { repository, tag, digest: image.manifest.descriptor.digest };
    },
    write: (
      images,
      { most = 1_000_000, large = 'alone', since, stamp, naming, to = directory } = {},
    ) =>
      writeArchive({
        cache,
        images,
        directory: to,
        workingDirectory,
        configuration: 'kind: ImageSetConfiguration\n',
        stream: 'team-a',
        since,
        naming,
        rules: { most, large },
        stamp: stamp ?? '2026-01-01T00:00:00Z',
      }),
    load: (from) => loadArchives({ directory: from, cache, workingDirectory, onChunk() {} }),
  };
}

/** A scene with three images, archived in small files. */
export async function archivedScene() {
  const scene = makeScene({ 'working-dir/signatures/4.16.5-sha256-aa': 'a signature' });
  const recipes = ['one', 'two', 'three'].map((seed) =>
    makeImage({ seed, layers: [3_000, 2_000] }),
  );
  const images = await Promise.all(
    recipes.map((image, index) => scene.add(image, `ns/image-${index}`)),
  );
  const archive = await scene.write(images, { most: 9_000 });
  return { scene, images, archive };
}
