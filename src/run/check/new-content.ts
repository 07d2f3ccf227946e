import { compareBuild, valid } from 'semver';
import type { FilteredPackage, PackageWish } from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { SourcePosition } from '../../errors.ts';
import {
  causeAt,
  dockerTransport,
  type ImageSet,
  type ImageSpec,
  type MirroredPlacement,
  type OperatorCatalog,
  openKnownCatalog,
  parseCatalogReference,
  pullSource,
  readImageSpec,
  recallFiltered,
  repositoryOf,
  type YamlPath,
} from '../../imageset/index.ts';
import type { Digest } from '../../oci/index.ts';
import { upstreamDigest } from '../../operators/index.ts';
import { findManifest } from '../../registry/index.ts';
import { catalogStore } from '../session.ts';
import type { UpstreamEntry, UpstreamWorld } from './upstream-entry.ts';

async function resolveTag(spec: ImageSpec, { registries }: UpstreamWorld) {
  const { registry, repository, tag = '' } = pullSource(spec);
  return (await findManifest(registries.repository(registry, repository), tag))?.digest;
}

/** Reports a tag that names another image than those that were mirrored from it; none were: the next apply is known to bring it. */
function diagnoseMoved(
  named: Digest | undefined,
  mirrored: readonly Digest[],
  { text, at }: { readonly text: string; readonly at: SourcePosition },
): Diagnostic[] {
  if (named === undefined || mirrored.length === 0 || mirrored.includes(named)) return [];
  return [
    {
      severity: 'notice',
      code: 'tag-moved',
      summary: 'A tag names another image than the one that was mirrored.',
      detail: `${text} has moved since; the next apply brings it.`,
      text,
      at,
    },
  ];
}

/** Reads a reference of a registry by its tag; one with a digest cannot move. */
function movingSpec(text: string): ImageSpec | undefined {
  const { spec } = readImageSpec(text);
  const canMove = spec?.transport === dockerTransport && spec.digest === undefined;
  return canMove && spec.tag !== '' ? spec : undefined;
}

/** Gives the additional images of an image set that are named by a tag. */
export function imageEntries(imageSet: ImageSet): UpstreamEntry[] {
  const { additionalImages = [] } = imageSet.mirror;
  return additionalImages.flatMap(({ name }, index) => {
    const spec = movingSpec(name);
    if (!spec) return [];
    return [
      {
        name,
        host: pullSource(spec).registry,
        async look(world) {
          const mirrored = world.placements.filter(
            ({ kind, origin }) => kind === 'generic' && origin === spec.reference,
          );
          if (mirrored.length === 0) return [];
          const { at } = causeAt(imageSet, 'additionalImages', index, 'name');
          const digests = mirrored.map(({ digest }) => digest);
          return diagnoseMoved(await resolveTag(spec, world), digests, { text: name, at });
        },
      },
    ];
  });
}

interface WrittenCatalog {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly entry: OperatorCatalog;
}

/** Gives the digests that a catalog had at its source when it was mirrored for this entry. */
function mirroredCatalogs(
  { catalog, targetTag }: OperatorCatalog,
  spec: ImageSpec,
  placements: readonly MirroredPlacement[],
): Digest[] {
  const tag = targetTag || spec.tag;
  const isOne = (one: MirroredPlacement) =>
    one.kind === 'operatorCatalog' &&
    one.tag === tag &&
    repositoryOf(one.origin) === repositoryOf(catalog);
  return placements.filter(isOne).flatMap((one) => upstreamDigest(one) ?? []);
}

/** A bound of an entry, and the channel that it holds back. */
interface Bound {
  readonly maxVersion: string;
  readonly channel: string;
  readonly path: YamlPath;
}

function boundsOf(wish: PackageWish, index: number, found: FilteredPackage): Bound[] {
  const path = ['packages', index] as const;
  const own = wish.maxVersion
    ? [{ maxVersion: wish.maxVersion, channel: found.offers.defaultChannel, path: [...path] }]
    : [];
  const inner = (wish.channels ?? []).flatMap(({ name, maxVersion }, at) =>
    maxVersion ? [{ maxVersion, channel: name, path: [...path, 'channels', at] }] : [],
  );
  return [...own, ...inner];
}

/** Versions of catalogs are names from outside: others than these are never written into a suggestion. */
const plainVersion = /^\d[\w.+-]*$/;

function suggestHead(
  { imageSet, index }: WrittenCatalog,
  found: FilteredPackage,
  { maxVersion, channel, path }: Bound,
): Diagnostic[] {
  const head = found.offers.channels.find(({ name }) => name === channel)?.head?.version ?? '';
  const [now, bound] = [valid(head), valid(maxVersion)];
  const isNewer = now !== null && bound !== null && compareBuild(now, bound) > 0;
  if (!isNewer || !plainVersion.test(head)) return [];
  return [
    {
      severity: 'notice',
      code: 'new-operator-version',
      summary: 'The channel of an operator has a newer head.',
      detail: `${found.name} has ${head} at the head of ${channel}.`,
      text: maxVersion,
      fix: `maxVersion: ${head}`,
      at: causeAt(imageSet, 'operators', index, ...path, 'maxVersion').at,
    },
  ];
}

/** Reads the catalog from the workspace alone: as its tag names it now, else as it was last asked for. */
async function readFiltered(entry: OperatorCatalog, now: Digest | undefined, world: UpstreamWorld) {
  const store = catalogStore(world.settings);
  const filtered = now && (await recallFiltered(entry, now, store));
  if (filtered) return filtered;
  const known = await openKnownCatalog(parseCatalogReference(entry), store);
  return known && (await recallFiltered(entry, known.digest, store));
}

/** Finds packages whose upper bound lies below the head of their channel. */
async function findHeads(
  written: WrittenCatalog,
  now: Digest | undefined,
  world: UpstreamWorld,
): Promise<readonly Diagnostic[] | undefined> {
  const { packages = [] } = written.entry;
  const isBound = packages.some(
    ({ maxVersion, channels = [] }) => maxVersion || channels.some((one) => one.maxVersion),
  );
  if (!isBound) return [];
  const filtered = await readFiltered(written.entry, now, world);
  return (
    filtered &&
    packages.flatMap((wish, at) => {
      const found = filtered.packages.find(({ name }) => name === wish.name);
      const bounds = found ? boundsOf(wish, at, found) : [];
      return found ? bounds.flatMap((bound) => suggestHead(written, found, bound)) : [];
    })
  );
}

/** Gives the catalogs of an image set: their tags may have moved, and their operators may have newer versions. */
export function catalogEntries(imageSet: ImageSet): UpstreamEntry[] {
  const { operators = [] } = imageSet.mirror;
  return operators.map((entry, index) => {
    const spec = movingSpec(entry.catalog);
    return {
      name: entry.catalog,
      host: spec ? pullSource(spec).registry : '',
      async look(world) {
        const now = spec && (await resolveTag(spec, world));
        const { at } = causeAt(imageSet, 'operators', index, 'catalog');
        const mirrored = spec ? mirroredCatalogs(entry, spec, world.placements) : [];
        const moved = diagnoseMoved(now, mirrored, { text: entry.catalog, at });
        const heads = await findHeads({ imageSet, index, entry }, now, world);
        if (heads === undefined && moved.length === 0) return 'not-at-hand';
        return [...moved, ...(heads ?? [])];
      },
    };
  });
}
