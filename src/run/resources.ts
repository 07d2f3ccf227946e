import {
  type Cause,
  type MirroredPlacement,
  placeKey,
  type ReleaseSignature,
} from '../imageset/index.ts';
import { isOfPlace, type Plan } from '../plan/index.ts';
import {
  createClusterResources,
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
): readonly ServedImage[] {
  const spoken = new Set(plan.changes.map(placeKey));
  const stays = plan.changes
    .filter(isOfPlace)
    .filter(({ action }) => action !== 'delete' && action !== 'untag');
  return [...stays, ...state.filter((placement) => !spoken.has(placeKey(placement)))];
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
      registry: settings.target.split('/', 1)[0] ?? '',
      createdAt: new Date(settings.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      version: toolVersion,
      scope: (settings.maxNestedPaths ?? 0) > 0 ? 'repository' : 'namespace',
    },
  );
}
