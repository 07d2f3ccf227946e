import { mapParallel } from '../base/index.ts';
import { type FilteredBundle, filterCatalog } from '../catalog/index.ts';
import { type Collection, parseImageSpec, placeKey, withPrefix } from '../imageset/index.ts';
import { type Digest, parseReference } from '../oci/index.ts';
import type { BasePlacement, Observation } from '../plan/index.ts';
import type { Session } from './session.ts';

/** A bundle of a catalog, and the images that it uses, written like the origins of placements: without a transport. */
interface BundleUse {
  readonly digest: Digest;
  /** Its repository at the source. */
  readonly path: string;
  readonly images: readonly string[];
}

function withoutTransport(reference: string): string {
  return reference.replace(/^docker:\/\//, '');
}

function readReference(image: string) {
  try {
    return parseReference(image);
  } catch {
    // No registry can have an image of such a name, so the target does not have it.
    return undefined;
  }
}

function useOf({ images, unlistedImage = '' }: FilteredBundle): readonly BundleUse[] {
  const own = images.find(({ type }) => type === 'operatorBundle')?.image ?? unlistedImage;
  const { digest, repository: path = '' } = readReference(own) ?? {};
  if (digest === undefined) return [];
  return [{ digest, path, images: images.map(({ image }) => withoutTransport(image)) }];
}

/**
 * Lists the bundles of every package of the catalogs that were collected, with the images that each uses.
 *
 * Reads whole catalogs, package by package. A package that cannot be read adds no bundles.
 */
async function bundlesOf(collections: readonly Collection[]): Promise<readonly BundleUse[]> {
  const readers = collections.flatMap(({ catalogs = [] }) => catalogs.map(({ reader }) => reader));
  const found: BundleUse[] = [];
  for (const reader of readers) {
    const all = await filterCatalog(reader, { catalog: '', full: true }, parseImageSpec);
    for (const bundle of all.packages.flatMap(({ bundles }) => bundles))
      found.push(...useOf(bundle));
  }
  return found;
}

/** Gives the digests of all tags but those of the places. */
function otherDigests({ repositories }: Observation, places: ReadonlySet<string>): Set<Digest> {
  const tags = [...repositories].flatMap(([repository, { tags: all }]) =>
    [...all].map(([tag, digest]) => ({ key: placeKey({ repository, tag }), digest })),
  );
  return new Set(tags.flatMap(({ key, digest }) => (digest && !places.has(key) ? [digest] : [])));
}

/** The places to delete, and the facts by which it is known which bundles stay. */
export interface OperandFacts {
  readonly listed: readonly BasePlacement[];
  readonly observation: Observation;
  readonly collections: readonly Collection[];
}

/** Tells whether a bundle lies in the target: one HEAD by its digest, at the place that its name gives. */
async function isInTarget({ digest, path }: BundleUse, { endpoints, target }: Session) {
  const repository = endpoints.target.repository(target.registry, withPrefix(target.prefix, path));
  return (await repository.manifests.resolve(digest)) !== undefined;
}

/**
 * Parts places to delete by whether a bundle that stays in the target uses them.
 *
 * A bundle stays when it is not listed and the target has it. An operand has one tag for all bundles, so no other tag tells
 * that it is needed. Effects: one HEAD for each other bundle that uses one of the operands.
 * @throws RegistryError when the target cannot be asked
 */
export async function partOperands(
  { listed, observation, collections }: OperandFacts,
  session: Session,
) {
  const operands = listed.filter(({ kind }) => kind === 'operatorRelatedImage');
  if (operands.length === 0) return { free: listed, needed: [] };
  const origins = new Set(operands.map(({ origin }) => origin));
  const places = new Set(listed.map(({ target }) => placeKey(target)));
  const going = new Set(listed.flatMap(({ content }) => content?.digest ?? []));
  const known = otherDigests(observation, places);
  const users = (await bundlesOf(collections)).filter(
    ({ digest, images }) => !going.has(digest) && images.some((image) => origins.has(image)),
  );
  const staying = await mapParallel(users, session.endpoints.parallel, async (bundle) =>
    known.has(bundle.digest) || (await isInTarget(bundle, session)) ? bundle.images : [],
  );
  const used = new Set(staying.flat());
  const isNeeded = ({ kind, origin }: BasePlacement): boolean =>
    kind === 'operatorRelatedImage' && used.has(origin);
  return { free: listed.filter((one) => !isNeeded(one)), needed: listed.filter(isNeeded) };
}
