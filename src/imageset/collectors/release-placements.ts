import {
  architectureTagWord,
  type KubeVirtImages,
  kubeVirtComponents,
  wantedBootArchitectures,
} from '../../release/index.ts';
import type { BroughtPolicy, ReleaseSignature } from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { parseImageSpec, pullSource } from '../image-spec.ts';
import type { Cause, Placement, ReleaseId } from '../placement.ts';
import { releasePlace } from '../target-name.ts';
import type { ReadRelease } from './release-reader.ts';

/** The entries that ask for a release, and the prefix of its places. */
export interface ReleasePlace {
  readonly imageSet: ImageSet;
  readonly prefix: string;
  readonly causes: readonly Cause[];
  readonly channel?: string | undefined;
}

/** One release as placements: the release image first, its components in the payload's order. */
export interface PlacedRelease {
  readonly clusterPolicies: readonly BroughtPolicy[];
  readonly id: ReleaseId;
  readonly placements: readonly Placement[];
  readonly signature?: ReleaseSignature;
  /** Wanted architectures for which the release has no KubeVirt image. */
  readonly withoutKubeVirt: readonly string[];
}

function kubeVirtOf({ payload }: ReadRelease, { mirror: { platform } }: ImageSet): KubeVirtImages {
  if (!platform?.kubeVirtContainer) return { components: [], missing: [] };
  const platforms = (platform.platforms ?? []).map(({ architecture }) => architecture);
  const wanted = wantedBootArchitectures(platforms, platform.architectures ?? []);
  return kubeVirtComponents(payload.bootImages, wanted);
}

function signatureOf({ signature }: ReadRelease): ReleaseSignature | undefined {
  if (!signature) return undefined;
  const { digest, reference, bytes, fingerprint } = signature;
  return { digest, tag: reference.tag, bytes, fingerprint };
}

/**
 * Adds the architecture to a tag that two releases share: the signed references of payloads that a user built may lack it, and
 * only one of the two could be mirrored.
 */
export function withOwnTag(release: ReadRelease, all: readonly ReadRelease[]): ReadRelease {
  const { tag, source, architecture } = release;
  const isShared = all.some((other) => other.tag === tag && other.source.digest !== source.digest);
  return isShared ? { ...release, tag: `${tag}-${architectureTagWord(architecture)}` } : release;
}

/**
 * Gives the placements of one release.
 * @throws ContentError `PAYLOAD_INVALID` when KubeVirt images are wanted and there are none; ConfigError
 *   `REFERENCE_INVALID` when the payload names something that is no image.
 */
export function placementsOf(release: ReadRelease, place: ReleasePlace): PlacedRelease {
  const { version, architecture, source, tag, origin } = release;
  const { prefix, causes, channel } = place;
  const id = { version, architecture, digest: source.digest, ...(channel && { channel }) };
  const platforms = place.imageSet.mirror.platform?.platforms;
  const common = { causes, release: id, ...(platforms && platforms.length > 0 && { platforms }) };
  const image: Placement = {
    ...common,
    source,
    target: releasePlace(prefix, tag),
    kind: 'ocpRelease',
    origin,
  };
  const kubeVirt = kubeVirtOf(release, place.imageSet);
  const content = [...release.payload.components, ...kubeVirt.components].map(
    (component): Placement => ({
      ...common,
      source: pullSource(parseImageSpec(component.image)),
      target: releasePlace(prefix, tag, component.name),
      kind: 'ocpReleaseContent',
      origin: component.image,
      component: component.name,
    }),
  );
  const signature = signatureOf(release);
  const placements = [image, ...content];
  const withoutKubeVirt = kubeVirt.missing;
  const clusterPolicies = release.payload.clusterPolicies.map((text) => ({
    text,
    release: source.digest,
  }));
  return { id, placements, withoutKubeVirt, clusterPolicies, ...(signature && { signature }) };
}
