import { readFileSync } from 'node:fs';
import {
  type Cause,
  type ConfigFile,
  type MirroredPlacement,
  placeKey,
  type ReleaseSignature,
} from '../imageset/index.ts';
import { formatUtc } from '../log.ts';
import type { Digest } from '../oci/index.ts';
import { isOfPlace, isRemoval, type Plan } from '../plan/index.ts';
import {
  compareResourceEntries,
  createClusterResources,
  createTemplates,
  type LocatedImage,
  type ResourceChange,
  type ResourceImage,
  type ServedCatalog,
} from '../resources/index.ts';
import { parseTarget } from './connect/index.ts';
import { areaOf } from './stored.ts';
import { toolVersion } from './tool.ts';
import type { Settings } from './types.ts';

/** An image of the target; its causes, where they are known, lead to what a user wrote for its resources. */
export type ServedImage = ResourceImage & {
  readonly tag: string;
  readonly causes?: readonly Cause[];
};

/** The content that cluster resources name. */
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
  const stays = plan.changes.filter(isOfPlace).filter((change) => !isRemoval(change));
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

/** Compares the cluster resources that a plan leads to with those of what was last applied. */
export function compareResources(
  plan: Plan,
  state: readonly MirroredPlacement[],
  settings: Settings,
): readonly ResourceChange[] {
  return compareResourceEntries(
    formerImages(plan, state),
    servedImages(plan, state),
    ruleOptions(settings),
  );
}

/** Writes the resources with which clusters find the mirror, by file name. */
export function formatResources(served: Served, settings: Settings): ReadonlyMap<string, string> {
  const { images, signatures, imageSets = [] } = served;
  const area = areaOf({ target: parseTarget(settings.target), settings });
  const templateOf = createTemplates(imageSets, area, {
    read: (path) => readFileSync(path, 'utf8'),
    warn: (message) => settings.log.log('warn', message),
  });
  const catalogs = images
    .filter(({ kind }) => kind === 'operatorCatalog')
    .map((image): ServedCatalog => {
      const { repository, tag } = image;
      const template = templateOf(image);
      return { repository, tag, ...(template && { template }) };
    });
  const graphImage = images.find(({ kind }) => kind === 'cincinnatiGraph');
  return createClusterResources(
    { images, signatures, catalogs, graphImage },
    { ...ruleOptions(settings), createdAt: formatUtc(settings.clock.now()), version: toolVersion },
  );
}
