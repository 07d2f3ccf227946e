import { type MirroredPlacement, placeKey, type ReleaseSignature } from '../imageset/index.ts';
import type { Plan } from '../plan/index.ts';
import { createClusterResources, type ResourceImage } from '../resources/index.ts';
import { toolVersion } from './tool.ts';
import type { Settings } from './types.ts';

/** What clusters are told about. */
export interface Served {
  readonly images: readonly ResourceImage[];
  readonly signatures: readonly ReleaseSignature[];
}

/** Gives everything that lies in the target once a plan is done: of this run, and of other image sets. */
export function servedImages(
  plan: Plan,
  state: readonly MirroredPlacement[],
): readonly ResourceImage[] {
  const spoken = new Set(plan.changes.map(placeKey));
  const stays = plan.changes.filter(({ action }) => action !== 'delete' && action !== 'untag');
  return [...stays, ...state.filter((placement) => !spoken.has(placeKey(placement)))];
}

/** Writes the resources with which clusters find the mirror, by file name. */
export function formatResources(served: Served, settings: Settings): ReadonlyMap<string, string> {
  return createClusterResources(served, {
    registry: settings.target.split('/', 1)[0] ?? '',
    createdAt: new Date(settings.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    version: toolVersion,
    scope: (settings.maxNestedPaths ?? 0) > 0 ? 'repository' : 'namespace',
  });
}
