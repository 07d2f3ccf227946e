import { mapParallel } from '../base/index.ts';
import { codeOf } from '../errors.ts';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { createCopier, createInventory, type Inventory, withDeadline } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { type BringChange, type Change, type Observation, parsePlatform } from '../plan/index.ts';
import type { Repository } from '../registry/index.ts';
import { sourceRepository, targetRepository } from './endpoints.ts';
import { attemptDeed, refusedOutcome, skippedOutcome } from './outcomes.ts';
import { startPhase } from './reporter.ts';
import type { BegunRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** Says what of an image moved, and what its source lacks. */
function describeCopy({
  bytes,
  missing,
}: {
  readonly bytes: number;
  readonly missing: readonly string[];
}) {
  const detail = bytes === 0 && { detail: 'its parts were there already, nothing moved' };
  const warning = missing.length > 0 && {
    warning: `Its source lacks the attestation ${missing.join(', ')}; the image was mirrored without it.`,
  };
  return { bytes, ...detail, ...warning };
}

/**
 * Brings everything that a plan mirrors.
 *
 * Order: release images and catalogs last, because a client that finds one expects everything that it names. A failed image does
 * not affect the others.
 */
export async function mirrorAll(
  deeds: readonly BringChange[],
  request: BegunRequest,
): Promise<readonly Outcome[]> {
  const { endpoints, clock, signal } = request;
  const reporter = startPhase(request.listener, 'mirror', deeds);
  const copier = createCopier({
    inventory: knownInventory(request.input.observation, request.input.state),
    manifests: endpoints.manifests,
    parallel: endpoints.parallel,
    onBytes: reporter.onBytes,
  });

  async function copy(change: BringChange): Promise<Outcome> {
    const started = clock.now();
    const { imageTimeoutMs: ms } = endpoints;
    const inTime = (repository: Repository) =>
      ms === undefined ? repository : withDeadline(repository, { clock, at: started + ms, ms });
    reporter.begin(change);
    const copied = await copier.copy({
      from: inTime(sourceRepository(endpoints, change.source)),
      to: inTime(targetRepository(endpoints, change.repository)),
      tag: change.tag,
      digest: change.digest,
      ...(change.platforms && { platforms: change.platforms.map(parsePlatform) }),
    });
    return { change, result: 'done', ms: clock.now() - started, ...describeCopy(copied) };
  }

  let isFull = false;
  const bring = async (change: BringChange): Promise<Outcome> => {
    if (isFull) return skippedOutcome(change, 'the disk is full');
    return await copy(change).catch((thrown) => {
      // A cache on a full disk takes none of the images that are left: they would be downloaded for nothing.
      isFull ||= codeOf(thrown) === 'STORAGE_FULL';
      return refusedOutcome(change, thrown);
    });
  };

  const isLast = ({ kind }: Change) => kind === 'ocpRelease' || kind === 'operatorCatalog';
  const outcomes: Outcome[] = [];
  for (const wave of [deeds.filter((one) => !isLast(one)), deeds.filter(isLast)]) {
    const done = await mapParallel(wave, endpoints.parallel, async (change) =>
      reporter.report(await attemptDeed(change, () => bring(change), signal)),
    );
    outcomes.push(...done);
  }
  return outcomes;
}

/** Gives the indexes of which only some platforms were brought along, `repository@digest`. */
function findSparse(state: readonly MirroredPlacement[]): ReadonlySet<string> {
  const keyOf = ({ repository, digest }: MirroredPlacement) => `${repository}@${digest}`;
  const whole = new Set(state.filter(({ platforms }) => !platforms).map(keyOf));
  return new Set(state.map(keyOf).filter((key) => !whole.has(key)));
}

/**
 * Takes over into an inventory what was observed: a manifest that a tag names is there with all of its parts.
 *
 * Of an index that was limited to platforms nobody remembers which of its children are there: they are looked for.
 */
function knownInventory(
  { repositories, content }: Observation,
  state: readonly MirroredPlacement[],
): Inventory {
  const proven = new Map(state.map((placement) => [placeKey(placement), placement.digest]));
  const sparse = findSparse(state);
  const inventory = createInventory((name) => repositories.get(name)?.exists === false);

  function add(repository: string, digest: Digest): void {
    if (inventory.hasManifest(repository, digest)) return;
    const node = content.get(digest);
    if (!node) return;
    inventory.addManifest(repository, digest);
    for (const blob of node.blobs) inventory.addBlob(repository, blob.digest);
    if (sparse.has(`${repository}@${digest}`)) return;
    for (const child of node.children) add(repository, child);
  }

  for (const [repository, { tags }] of repositories) {
    for (const [tag, digest] of tags) {
      const named = digest ?? proven.get(placeKey({ repository, tag }));
      if (named) add(repository, named);
    }
  }
  return inventory;
}
