import {
  type Cause,
  type MirroredPlacement,
  placeKey,
  type ReleaseSignature,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { isOfPlace, type Plan, type ResourceChange } from '../plan/index.ts';
import {
  createClusterResources,
  type LocatedImage,
  listResourceEntries,
  type ResourceEntry,
  type ResourceImage,
  type ServedCatalog,
} from '../resources/index.ts';
import { createTemplates } from './catalog-templates.ts';
import { toolVersion } from './tool.ts';
import type { ConfigFile, Settings } from './types.ts';

/** An image of the target; its causes, where they are known, lead to what a user wrote for its resources. */
export type ServedImage = ResourceImage & {
  readonly tag: string;
  readonly causes?: readonly Cause[];
};

/** What clusters are told about. */
export interface Served {
  readonly images: readonly ServedImage[];
  readonly signatures: readonly ReleaseSignature[];
  /** Texts of the image sets, which name templates. */
  readonly imageSets?: readonly ConfigFile[] | undefined;
}

/** Gives everything that lies in the target once a plan is done: of this run, and of other image sets. */
export function servedImages(
  plan: Plan,
  state: readonly MirroredPlacement[],
): readonly (ServedImage & LocatedImage & { readonly digest: Digest })[] {
  const spoken = new Set(plan.changes.map(placeKey));
  const stays = plan.changes
    .filter(isOfPlace)
    .filter(({ action }) => action !== 'delete' && action !== 'untag');
  return [...stays, ...state.filter((placement) => !spoken.has(placeKey(placement)))];
}

/** How entries of resources are written for a target. */
function ruleOptions({ target, maxNestedPaths = 0 }: Settings) {
  const scope = maxNestedPaths > 0 ? ('repository' as const) : ('namespace' as const);
  return { registry: target.split('/', 1)[0] ?? '', scope };
}

/** Gives everything that was last applied, and what others put at the places of a plan: their resources name it as well. */
function formerImages({ changes }: Plan, state: readonly MirroredPlacement[]): LocatedImage[] {
  const known = new Set(state.map(placeKey));
  const others = changes
    .filter((change) => change.action !== 'mirror' && !known.has(placeKey(change)))
    .map((change) => ({ ...change, digest: change.previous ?? change.digest }));
  return [...state, ...others];
}

const kindOrder = ['ImageDigestMirrorSet', 'ImageTagMirrorSet', 'CatalogSource', 'ClusterCatalog'];

/** By kind, name and source: what comes stands beside what it comes for. */
function compareEntries(a: ResourceEntry, b: ResourceEntry): number {
  const [left, right] = [entryKey(a), entryKey(b)];
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || (left < right ? -1 : 1);
}

function entryKey({ kind, name, source = '' }: ResourceEntry): string {
  return JSON.stringify([kind, name, source]);
}

/** Compares the cluster resources that a plan leads to with those of what was last applied. */
export function compareResources(
  plan: Plan,
  state: readonly MirroredPlacement[],
  settings: Settings,
): readonly ResourceChange[] {
  const list = (images: readonly LocatedImage[]) =>
    new Map(
      listResourceEntries(images, ruleOptions(settings)).map((entry) => [entryKey(entry), entry]),
    );
  const before = list(formerImages(plan, state));
  const after = list(servedImages(plan, state));
  const all = [...new Map([...before, ...after]).values()].sort(compareEntries);
  return all.flatMap((entry): ResourceChange[] => {
    const { kind, name, source } = entry;
    const [from, to] = [before, after].map((side) => side.get(entryKey(entry))?.leadsTo);
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    const common = { kind, name, ...(source !== undefined && { source }) };
    return [{ ...common, ...(from && { from }), ...(to && { to }) }];
  });
}

/** Writes the resources with which clusters find the mirror, by file name. */
export function formatResources(served: Served, settings: Settings): ReadonlyMap<string, string> {
  const { images, signatures, imageSets = [] } = served;
  const templateOf = createTemplates(imageSets, settings);
  const catalogs = images
    .filter(({ kind }) => kind === 'operatorCatalog')
    .map((image): ServedCatalog => {
      const { repository, tag } = image;
      const template = templateOf(image);
      return { repository, tag, ...(template && { template }) };
    });
  return createClusterResources(
    { images, signatures, catalogs },
    {
      ...ruleOptions(settings),
      createdAt: new Date(settings.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      version: toolVersion,
    },
  );
}
