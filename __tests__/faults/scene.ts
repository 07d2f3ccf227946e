import { ensureRepository, type FakeRegistry } from '../../src/fake-registry/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import type { ConfigFile, MirrorReport, Settings } from '../../src/run/index.ts';
import { makeImage, pushTo, type TestImage } from '../support/images.ts';
import { imagesConfig, type Lab, type LabOptions, makeLab } from '../support/lab.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';

/** Names of the images of a scene; `good` and `other` never meet a fault of `bad`. */
export type Name = 'bad' | 'good' | 'other';

/** A lab with three images at its source, `team/<name>:v1` each, and an image set that wants them. */
export interface Scene extends Lab {
  readonly from: FakeRegistry;
  readonly to: FakeRegistry;
  readonly images: Readonly<Record<Name, TestImage>>;
  readonly file: ConfigFile;
  /** Tags of the target with their digests, after it was checked that all of them pull whole. */
  seen(): Readonly<Record<string, string>>;
  /** What {@link seen} gives once these are mirrored. */
  mirrored(...names: readonly Name[]): Readonly<Record<string, string>>;
  /** Mirrors; gives the report, or what was thrown. */
  attempt(changes?: Partial<Settings>, file?: ConfigFile): Promise<MirrorReport | Error>;
}

const names = ['bad', 'good', 'other'] as const;

/** Gives the reference of an image of the scene. */
export const imageAt = (host: string, name: Name) => `${host}/team/${name}:v1`;

/** Sets the scene. */
export async function makeScene(options: LabOptions = {}): Promise<Scene> {
  const lab = await makeLab({ ...options, upstream: { components: 1 } });
  const { fake: from } = lab.source;
  const { fake: to } = lab.target;
  if (!from || !to) throw new Error('faults need registries of this process');
  const made = names.map((name) => [name, makeImage({ seed: name })] as const);
  const images = Object.fromEntries(made) as Record<Name, TestImage>;
  for (const name of names) pushTo(from.store, `team/${name}`, 'v1', images[name]);
  const file = imagesConfig(names.map((name) => imageAt(lab.source.host, name)));
  return {
    ...lab,
    from,
    to,
    images,
    file,
    seen() {
      const broken = brokenTags(to.store);
      if (broken.length > 0) throw new Error(`half visible: ${broken.join(', ')}`);
      return tagsOf(to);
    },
    mirrored: (...wanted) =>
      Object.fromEntries(
        wanted.map((name) => [`team/${name}:v1`, images[name].manifest.descriptor.digest]),
      ),
    attempt: (changes, wanted = file) =>
      lab.mirror([wanted], changes).catch((thrown: Error) => thrown),
  };
}

/** Gives the digest of an image's first layer. */
export function layerOf({ manifest }: TestImage): Digest {
  const layer = manifest.kind === 'image' ? manifest.layers[0] : undefined;
  if (!layer) throw new Error('an image without layers');
  return layer.digest;
}

/** Gives the tags of the target's state, of which there is one after every run that wrote something. */
export function stateOf({ to }: Scene) {
  return ensureRepository(to.store, 'imageset-mirror/state');
}
