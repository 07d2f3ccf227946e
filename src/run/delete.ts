import { applyPlan, type Outcome } from '../apply/index.ts';
import type { PrunedCache } from '../archive/index.ts';
import { type Diagnostic, formatDiagnostic } from '../diagnostic.ts';
import { ConfigError } from '../errors.ts';
import {
  type Collection,
  type ConfigFile,
  formatImageSet,
  loadImageSet,
  type PinnedPlacement,
  placeKey,
  v1Place,
} from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import {
  type BasePlacement,
  checkDeleteImageList,
  createDeleteImageList,
  createPlan,
  deleteItems,
  isRemoval,
  type Observation,
  type PlacedDeleteItem,
  type Plan,
  parseDeleteImageList,
} from '../plan/index.ts';
import { attachedPlaces, withSubject } from './attached/index.ts';
import { parseTarget } from './connect/index.ts';
import type { DeleteGenerateReport, DeleteGenerateRequest, DeleteReport } from './delete-types.ts';
import { collectAll, joinCollections } from './gather.ts';
import { applyRequest } from './perform.ts';
import { assembleInput, lookAtTarget, type PlanFacts } from './plan-input.ts';
import { type Session, withSession } from './session.ts';
import { partOperands } from './staying-bundles.ts';
import { areaOf, readState, type Stored } from './stored.ts';
import type { Listener, Settings } from './types.ts';

function describe(digest: Digest, { content }: Observation): Descriptor {
  return content.get(digest)?.descriptor ?? { digest, mediaType: 'unknown', size: 0 };
}

/** Treats every other tag of the same repositories as wanted: the content that it shares stays. */
function everythingElse(
  observation: Observation,
  named: ReadonlySet<string>,
  registry: string,
): PinnedPlacement[] {
  return [...observation.repositories].flatMap(([repository, { tags }]) =>
    [...tags].flatMap(([tag, digest]): PinnedPlacement[] => {
      const target = { repository, tag };
      if (digest === undefined || named.has(placeKey(target))) return [];
      return [
        {
          source: { registry, repository, digest },
          target,
          kind: 'generic',
          origin: `${registry}/${repository}:${tag}`,
          causes: [],
          content: describe(digest, observation),
        },
      ];
    }),
  );
}

/** A listed item names a place: the image that its tag names now is removed. */
function asTheyAre(listed: readonly BasePlacement[], observation: Observation): BasePlacement[] {
  return listed.map((placement) => {
    const { repository, tag } = placement.target;
    const digest = observation.repositories.get(repository)?.tags.get(tag);
    return digest === undefined
      ? placement
      : withSubject({ ...placement, content: describe(digest, observation) });
  });
}

/** The places that are named, and what goes with them: everything attached, lists of referrers alone, or nothing else. */
interface ExplicitDelete {
  readonly before: readonly BasePlacement[];
  readonly attached: 'all' | 'lists' | 'none';
  /** `theirs`: a place counts only while its tag names the digest of the image that is named: `latest` may be another one by now. */
  readonly only?: 'theirs' | undefined;
  /** Their catalogs tell which operands bundles that stay use; absent: nothing tells. */
  readonly collections?: readonly Collection[];
}

/** Tells whether a place has the image that is named, as far as its digest is known. */
function hasOwnImage({ source, content }: BasePlacement): boolean {
  return source?.digest === undefined || source.digest === content?.digest;
}

/**
 * Plans the removal of places that somebody named one by one, in a list or a DeleteImageSetConfiguration.
 *
 * Each place is named, so this tool need not have mirrored it. The rules are the same: an image that another tag of its
 * repository shares stays, and only the tag is removed. `attached` adds places that are attached to the images of these.
 */
async function planExplicitDelete(
  { before, attached, only, collections = [] }: ExplicitDelete,
  stored: Stored,
  session: Session,
) {
  const { protect } = session.settings.options;
  const facts: PlanFacts = {
    base: { from: 'files' },
    options: { prune: 'removed', maxDelete: { share: 1 }, protect },
    before,
    after: [],
    state: [],
    ownImageSets: new Set(),
    explicit: true,
  };
  const { observation } = await lookAtTarget(facts, stored, session);
  const there = asTheyAre(before, observation);
  const theirs = only === 'theirs' ? there.filter(hasOwnImage) : there;
  const { free: listed, needed } = await partOperands(
    { listed: theirs, observation, collections },
    session,
  );
  const more = attached === 'none' ? [] : attachedPlaces(listed, observation, attached);
  const going = [...listed, ...asTheyAre(more, observation)];
  const named = new Set(going.map(({ target }) => placeKey(target)));
  const places = {
    before: going,
    after: everythingElse(observation, named, session.target.registry),
  };
  const input = await assembleInput({ ...facts, ...places, observation }, stored, session);
  return { plan: createPlan(input), input, needed };
}

function leftOut(detail: string, text: string, causes: BasePlacement['causes']): Diagnostic {
  const summary = 'An image is left out of the list.';
  return { severity: 'warning', code: 'held', summary, detail, text, at: causes[0]?.at };
}

function heldDiagnostics({ changes }: Plan): Diagnostic[] {
  return changes
    .filter(({ action }) => action === 'hold')
    .map((change) => {
      const names = (change.holders ?? []).map(({ name }) => name);
      const by = names.length > 0 ? ` by ${names.join(', ')}` : '';
      const detail = `${placeKey(change)} is held${by} (${change.reason}).`;
      return leftOut(detail, change.origin, change.causes);
    });
}

/** Reports operands that are left out of a list because bundles that stay use them. */
function neededDiagnostics(needed: readonly BasePlacement[]): Diagnostic[] {
  return needed.map(({ target, origin, causes }) =>
    leftOut(`A bundle that stays in the target uses ${placeKey(target)}.`, origin, causes),
  );
}

/**
 * Writes the list of what a DeleteImageSetConfiguration means: manifests that nothing else in their repositories shares,
 * and under `untag` the tags of those that are shared.
 *
 * Effects: reads only; the target is asked, since only it knows what is shared.
 * @throws ConfigError `CONFIG_INVALID` in oc-mirror's words, RegistryError when the target cannot be asked
 */
export async function deleteGenerate(
  settings: Settings,
  { file, cache, signatures, places }: DeleteGenerateRequest,
): Promise<DeleteGenerateReport> {
  const { imageSet, refusal = '' } = loadImageSet(file, 'DeleteImageSetConfiguration');
  if (!imageSet) throw new ConfigError('CONFIG_INVALID', refusal);
  // Most runs know no archives: what they need is loaded by those that do.
  const disk = cache && (await import('./disk/index.ts')).knownFromCache(cache, imageSet);
  const options = disk ? { disk } : {};
  const work = async (session: Session): Promise<DeleteGenerateReport> => {
    const { collections, placements, failures, diagnostics } = joinCollections(
      await collectAll([imageSet], session),
    );
    const attached = signatures === 'delete' ? 'all' : 'lists';
    const isV1 = places === 'v1';
    const before = isV1 ? placements.map((one) => ({ ...one, target: v1Place(one) })) : placements;
    const named = { before, attached, collections, only: isV1 ? 'theirs' : undefined } as const;
    const { plan, needed } = await planExplicitDelete(named, await readState(session), session);
    const { items, untag } = deleteItems(plan);
    return {
      deleteImages: createDeleteImageList(plan),
      deleteImageSetConfig: formatImageSet(imageSet.kind, imageSet.mirror),
      collected: placements.length,
      count: items.length + untag.length,
      diagnostics: [...diagnostics, ...heldDiagnostics(plan), ...neededDiagnostics(needed)],
      failures,
    };
  };
  return await withSession(settings, work, options);
}

/** @throws ConfigError `CONFIG_INVALID` with everything that is wrong with the list */
function readList({ name, text }: ConfigFile) {
  const { list, diagnostics } = parseDeleteImageList(text, name);
  if (list) return list;
  throw new ConfigError('CONFIG_INVALID', diagnostics.map(formatDiagnostic).join('\n'), {
    at: diagnostics[0]?.at,
  });
}

function placementOf({ place, type, imageName, at }: PlacedDeleteItem): BasePlacement {
  const { file } = at;
  return {
    target: place,
    kind: type,
    origin: imageName.replace(/^docker:\/\//, ''),
    causes: [{ imageSet: file, path: 'items', at }],
  };
}

/** Leaves out the images that are kept: the run of a delete neither shows nor records them. */
function removalsOf(plan: Plan): Plan {
  const changes = plan.changes.filter(({ action }) => action !== 'keep');
  return { ...plan, changes, totals: { ...plan.totals, keep: 0, bytesKept: 0 } };
}

/**
 * Deletes what a DeleteImageList names, this tool's or oc-mirror's.
 *
 * Of an image that other tags share only the listed tag is removed. Items of other targets are refused; the others proceed.
 * @throws ConfigError `CONFIG_INVALID`, RegistryError when the target cannot be asked
 */
export async function deleteExecute(
  settings: Settings,
  file: ConfigFile,
  listener: Listener,
): Promise<DeleteReport> {
  const read = readList(file);
  return await withSession(settings, async (session) => {
    const { list, refused } = checkDeleteImageList(read, { ...session.target, ...areaOf(session) });
    const listed = [...list.items, ...list.untag].map(placementOf);
    const stored = await readState(session);
    const named = { before: listed, attached: 'none' } as const;
    const { plan, input } = await planExplicitDelete(named, stored, session);
    const work = { plan: removalsOf(plan), input, stored };
    return { result: await applyPlan(applyRequest(work, session, listener)), refused };
  });
}

/** A request to forget what was deleted from a target. */
export interface PruneRequest {
  /** Directory of the cache. */
  readonly cache: string;
  /** `host[:port][/path]` */
  readonly target: string;
  /** The deletions: those that were done count. */
  readonly outcomes: readonly Outcome[];
}

/** Removes what was deleted from a target from the cache too, and everything that no tag there reaches any more. */
export async function pruneCached({ cache, target, outcomes }: PruneRequest): Promise<PrunedCache> {
  const { prefix } = parseTarget(target);
  const start = prefix === '' ? '' : `${prefix}/`;
  const places = outcomes
    .filter(({ change, result }) => result === 'done' && isRemoval(change))
    .filter(({ change }) => change.repository.startsWith(start))
    .map(({ change: { repository, tag } }) => ({
      repository: repository.slice(start.length),
      tag,
    }));
  const { openCache, pruneCache } = await import('../archive/index.ts');
  return await pruneCache(openCache(cache), places);
}
