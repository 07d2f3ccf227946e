import { sortedUnique } from '../base/index.ts';
import {
  formatImageSet,
  type ImageSet,
  type MirrorSpec,
  type OperatorCatalog,
  type PlatformSpec,
  type ReleaseId,
} from '../imageset/index.ts';
import { type Digest, splitName } from '../oci/index.ts';
import type { ChannelGraph } from '../release/index.ts';
import { isOfPlace, isRemoval } from './change.ts';
import { groupChannels } from './delete-channels.ts';
import type { Plan } from './types.ts';

/** The parts that an entry has to share with the old configuration to mean the same images. */
function commonPlatform({ platforms, kubeVirtContainer }: PlatformSpec): PlatformSpec {
  return {
    ...(platforms && platforms.length > 0 && { platforms }),
    ...(kubeVirtContainer && { kubeVirtContainer }),
  };
}

function explicitRelease(platform: PlatformSpec, releases: readonly ReleaseId[]): PlatformSpec[] {
  const { release = '', architectures = [] } = platform;
  const common = {
    ...commonPlatform(platform),
    ...(architectures.length > 0 && { architectures }),
  };
  return releases.map((id) => ({ ...common, release: atDigest(release, id.digest) }));
}

function platformsFor(
  platform: PlatformSpec,
  releases: readonly ReleaseId[],
  graphs: readonly ChannelGraph[],
): PlatformSpec[] {
  if (releases.length === 0) return [];
  if (platform.release) return explicitRelease(platform, releases);
  const common = commonPlatform(platform);
  const groups = groupChannels({ channels: platform.channels ?? [], removed: releases, graphs });
  return groups.map(({ architectures, channels }) => {
    // amd64 alone is the default; `platforms` means multi.
    const isDefault = common.platforms !== undefined || architectures.join() === 'amd64';
    return { ...common, channels, ...(!isDefault && { architectures }) };
  });
}

/** Adds the graph image to the first file. */
function withGraph(platforms: PlatformSpec[], { graph }: RemovedEntries): PlatformSpec[] {
  if (!graph) return platforms;
  const [first, ...more] = platforms;
  return [{ graph, ...first }, ...more];
}

/** The removed operators of an image set. */
export interface RemovedOperators {
  /** Entries, one list for each file. */
  readonly files: readonly (readonly OperatorCatalog[])[];
  /** Images that go and that no entry describes. */
  readonly images: readonly string[];
}

/** The first comment of each file warns people who want to give it to oc-mirror. */
const warning = `# For people to read. Give oc-mirror delete-images.yaml instead, which is safe: what this file names
# may need images that something kept needs too, and oc-mirror cannot leave them out and would delete them.
`;

/**
 * Says in oc-mirror's words what of an image set goes.
 *
 * Shape: texts of DeleteImageSetConfigurations, mostly one; several where one file cannot say it. Collecting any of them
 * gives nothing that stays, collecting all gives what goes. It is for people to read, and says so; the DeleteImageList
 * is the truth, since no range can leave out a digest that another release shares.
 * @see oc-mirror v2, §1.3
 */
export function createDeleteImageSets(
  before: ImageSet,
  removed: RemovedEntries & { readonly operators?: RemovedOperators },
  graphs: readonly ChannelGraph[],
): readonly string[] {
  const { platform = {}, additionalImages = [] } = before.mirror;
  const { files = [], images: single = [] } = removed.operators ?? {};
  const platforms = withGraph(platformsFor(platform, removed.releases, graphs), removed);
  const count = Math.max(platforms.length, files.length);
  const specs = Array.from({ length: count }, (_, index): MirrorSpec => {
    const [found, entries] = [platforms[index], files[index]];
    return { ...(found && { platform: found }), ...(entries && { operators: entries }) };
  });
  const written = additionalImages.filter((_, index) => removed.additionalImages.includes(index));
  const images = [...written, ...single.map((name) => ({ name }))];
  const [first = {}, ...more] = specs;
  const whole = images.length > 0 ? [{ ...first, additionalImages: images }, ...more] : specs;
  return whole.map((spec) => warning + formatImageSet('DeleteImageSetConfiguration', spec));
}

function labelOf(name: string): string {
  return name
    .replace(/\.ya?ml$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '');
}

/**
 * Gives the DeleteImageSetConfigurations of a plan, for the image sets of the base.
 *
 * `operators`: the removed operators of each image set. Names: `delete-imageset-config.yaml`,
 * with `-<image set>` if several image sets change, and `-2`, `-3`, … if one file is not enough.
 */
export function createDeleteConfigs(
  plan: Pick<Plan, 'changes' | 'releases' | 'graphs'>,
  before: readonly ImageSet[],
  operators: ReadonlyMap<string, RemovedOperators> = new Map(),
) {
  const named = new Set(imageSetsWithRemovals(plan));
  const described: { readonly label: string; readonly texts: readonly string[] }[] = [];
  for (const imageSet of before.filter(({ identity }) => named.has(identity))) {
    const { name, identity } = imageSet;
    const going = operators.get(identity);
    const entries = findRemovedEntries(plan, identity);
    const removed = { ...entries, ...(going && { operators: going }) };
    const texts = createDeleteImageSets(imageSet, removed, plan.graphs);
    described.push({ label: labelOf(name), texts });
  }
  const changed = described.filter(({ texts }) => texts.length > 0);
  const taken = new Set<string>();
  return changed.flatMap(({ label, texts }) => {
    const start = ['delete-imageset-config', ...(changed.length > 1 ? [label] : [])].join('-');
    return texts.map((text) => ({ name: freeName(start, taken), text }));
  });
}

function freeName(start: string, taken: Set<string>): string {
  let name = `${start}.yaml`;
  for (let number = 2; taken.has(name); number += 1) name = `${start}-${number}.yaml`;
  taken.add(name);
  return name;
}

/** The entries of one image set that a plan removes, in the words of that image set. */
export interface RemovedEntries {
  readonly releases: readonly ReleaseId[];
  /** Indexes of `additionalImages`, ascending. */
  readonly additionalImages: readonly number[];
  /** Whether the graph image goes. */
  readonly graph?: boolean;
}

function removedChanges({ changes }: Pick<Plan, 'changes'>) {
  return changes.filter(isOfPlace).filter(isRemoval);
}

/** Gives the names of the image sets of which a plan removes something, sorted. */
function imageSetsWithRemovals(plan: Pick<Plan, 'changes'>): readonly string[] {
  const causes = removedChanges(plan).flatMap((change) => change.causes);
  return sortedUnique(causes.map(({ imageSet }) => imageSet));
}

/**
 * Gives the entries of one image set of which a plan removes images.
 *
 * A release counts when the plan removes it as a whole; what is held as a whole, or wanted by others, does not.
 */
function findRemovedEntries(
  plan: Pick<Plan, 'changes' | 'releases'>,
  imageSet: string,
): RemovedEntries {
  const additional = new Set<number>();
  const releases = new Set<string>();
  let graph = false;
  for (const { causes, release, kind } of removedChanges(plan)) {
    const own = causes.filter((cause) => cause.imageSet === imageSet);
    if (own.length > 0 && kind === 'cincinnatiGraph') graph = true;
    if (own.length > 0 && release) releases.add(release.digest);
    for (const { path } of own) {
      const index = /\badditionalImages\[(\d+)\]/.exec(path)?.[1];
      if (index !== undefined) additional.add(Number(index));
    }
  }
  return {
    releases: plan.releases.removed.filter(({ digest }) => releases.has(digest)),
    additionalImages: [...additional].sort((a, b) => a - b),
    ...(graph && { graph }),
  };
}

/** Writes a reference by digest alone: a tag may have moved, and a disconnected run cannot ask. */
export function atDigest(reference: string, digest: Digest): string {
  return `${splitName(reference).name}@${digest}`;
}
