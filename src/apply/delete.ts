import { mapParallel } from '../base/index.ts';
import { messageOf } from '../errors.ts';
import { createRemover } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import {
  type Change,
  changeKey,
  type DoomedManifest,
  deletionOrder,
  type RemovalChange,
} from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { targetRepository } from './endpoints.ts';
import type { Ledger } from './ledger.ts';
import { cancelled, postponedOutcome, skippedOutcome, unlessCancelled } from './outcomes.ts';
import { narrowed } from './reconsider.ts';
import { deleteOne, failAll, type Removal, untagInOrder } from './remove-one.ts';
import { findLost, putBack, removeLeftovers, unreadNote } from './repair.ts';
import { type Reporter, startPhase } from './reporter.ts';
import type { ApplyRequest, BegunRequest } from './request.ts';
import { storeUndo } from './store-undo.ts';
import { TagWatch } from './tag-watch.ts';
import type { Outcome } from './types.ts';
import { readUndoRecords } from './undo-records.ts';

/** Repositories of which manifests are deleted at once: registries walk all tags of one for each. */
const repositoriesAtOnce = 4;

/** The facts that deletes work with. */
export interface DeleteContext {
  removalIn(repository: string): Removal;
  readonly reporter: Reporter;
  /** Its plan says of whatever stays that it is kept or held. */
  readonly request: BegunRequest;
  readonly records: readonly UndoRecord[];
}

/** The result of deleting manifests; `tags` are still to be untagged. */
export interface DeletedManifests {
  readonly outcomes: readonly Outcome[];
  readonly tags: readonly Change[];
  readonly notes: readonly string[];
}

const unlisted =
  "the registry's tag list is incomplete: a tag that it leaves out may name the digest";

interface Going {
  readonly removal: Removal;
  readonly watch: TagWatch;
  /** Manifests that should have gone and are still there. */
  readonly standing: Set<Digest>;
  readonly tags: Change[];
  readonly notes: string[];
}

/** Says why a manifest must not go right now. */
async function findObstacle(
  { digest, above, subjects, isKept }: DoomedManifest,
  { watch, standing }: Going,
): Promise<string | undefined> {
  if ((await watch.look()) === 'incomplete') return unlisted;
  if (isKept) return 'something that stays needs it';
  const index = above.find((one) => standing.has(one));
  if (index) return `the index ${index} has it as a child and is still there`;
  const subject = subjects.find((one) => standing.has(one));
  if (subject) return `the image ${subject}, to which it is attached, is still there`;
  const tag = watch.holderOf(digest);
  return tag && `the tag ${tag}, which somebody set meanwhile, names it or an index above it`;
}

async function remove(
  one: DoomedManifest,
  going: Going,
  ledger: Ledger,
): Promise<readonly Outcome[]> {
  const { watch, standing, tags, notes, removal } = going;
  const { digest, changes } = one;
  try {
    await ledger.renew();
    const done = await deleteOne(
      { digest, changes, findObstacle: () => findObstacle(one, going) },
      removal,
    );
    if (done.is === 'deleted') watch.noteDeleted(digest);
    if (done.is === 'standing') standing.add(digest);
    for (const change of done.tags) tags.push(change);
    return done.outcomes;
  } catch (thrown) {
    standing.add(digest);
    const name = `${removal.repository.name}@${digest}`;
    if (changes.length === 0) {
      notes.push(`${name}, which only a deleted index had, is left: ${messageOf(thrown)}`);
    }
    return failAll(changes, thrown);
  }
}

/**
 * Deletes the manifests of one repository, one after the other, an index before its children.
 *
 * The tags are read right before each delete, and once more after the last: what somebody tagged meanwhile stays, or is put
 * back. A manifest stays too if an index above it is still there.
 */
async function deleteIn(
  name: string,
  doomed: readonly DoomedManifest[],
  { removalIn, request, records }: DeleteContext,
): Promise<DeletedManifests> {
  const removal = removalIn(name);
  const watch = new TagWatch({
    repository: removal.repository,
    manifests: request.endpoints.manifests,
    seen: request.input.observation.repositories.get(name)?.tags.keys() ?? [],
    records: records.filter(({ placement }) => placement.repository === name),
  });
  const going: Going = { removal, watch, standing: new Set(), tags: [], notes: [] };
  const outcomes: Outcome[] = [];
  for (const one of doomed) {
    const found = request.signal?.aborted
      ? one.changes.map((change) => skippedOutcome(change, cancelled))
      : await remove(one, going, request.ledger);
    for (const outcome of found) outcomes.push(outcome);
  }
  if (!request.signal?.aborted) {
    await watch.look().catch((thrown) => {
      going.notes.push(unreadNote(name, thrown));
    });
  }
  return { outcomes, tags: going.tags, notes: [...watch.notes, ...going.notes] };
}

/** Deletes manifests, each once with all the tags that go, and what only they have below them. */
async function deleteManifests(context: DeleteContext): Promise<DeletedManifests> {
  const { request } = context;
  const parallel = Math.min(repositoriesAtOnce, request.endpoints.parallel);
  const order = deletionOrder(request.plan, request.input);
  const byRepository = Map.groupBy(order, ({ repository }) => repository);
  const deleted = await mapParallel(byRepository, parallel, ([repository, doomed]) =>
    deleteIn(repository, doomed, context),
  );
  return {
    outcomes: deleted.flatMap((one) => one.outcomes),
    tags: deleted.flatMap((one) => one.tags),
    notes: deleted.flatMap((one) => one.notes),
  };
}

/** The result of all removals. */
export interface Deleted {
  readonly outcomes: readonly Outcome[];
  /** Digest of the undo record; absent when nothing was removed. */
  readonly undo?: Digest | undefined;
  readonly notes: readonly string[];
}

/** Removes what may go; the manifests are stored before the first deed. */
export async function deleteAll(
  changes: readonly RemovalChange[],
  request: BegunRequest,
): Promise<Deleted> {
  if (changes.length === 0) return { outcomes: [], notes: [] };
  const reporter = startPhase(request.listener, 'delete', changes);
  const records = await readUndoRecords(changes, request);
  const [removable, unread] = split(changes, (change) => records.has(changeKey(change)));
  const held = unread.map((change) =>
    reporter.report(postponedOutcome(change, 'its manifest could not be stored for an undo')),
  );
  if (removable.length === 0) return { outcomes: held, notes: [] };
  const undo = await storeUndo([...records.values()], request);
  const narrow = { ...request, plan: narrowed(request.plan, removable) };
  const { outcomes, notes } = await removeAll(removable, {
    reporter,
    request: narrow,
    records: [...records.values()],
  });
  const repairs = await unlessCancelled(repairLost(outcomes, records, narrow), []);
  return { outcomes: [...held, ...outcomes], undo, notes: [...notes, ...repairs] };
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/**
 * Manifests first, then tags of what is shared: by then it is known whether the registry deletes at all, and no tag is written
 * while manifests are deleted. A tag that is still listed is removed once more.
 */
async function removeAll(
  changes: readonly RemovalChange[],
  context: Omit<DeleteContext, 'removalIn'>,
): Promise<Pick<Deleted, 'outcomes' | 'notes'>> {
  const { reporter, request } = context;
  const remover = createRemover(request.endpoints.parallel);
  const removalIn = (name: string): Removal => ({
    repository: targetRepository(request.endpoints, name),
    remover,
    parallel: request.endpoints.parallel,
    now: () => request.clock.now(),
  });
  const untags = changes.filter(({ action }) => action === 'untag');
  const deleted = await deleteManifests({ ...context, removalIn });
  const outcomes = [...deleted.outcomes];
  const byRepository = Map.groupBy([...deleted.tags, ...untags], ({ repository }) => repository);
  for (const [name, tags] of byRepository) {
    const untagged = request.signal?.aborted
      ? tags.map((change) => skippedOutcome(change, cancelled))
      : await untagInOrder(tags, removalIn(name)).catch((thrown) => failAll(tags, thrown));
    for (const outcome of untagged) outcomes.push(outcome);
  }
  const { notes } = deleted;
  // Only what is really gone is told as deleted.
  const unchecked = { outcomes, notes: [] };
  const ended = request.signal?.aborted
    ? unchecked
    : await unlessCancelled(removeLeftovers(outcomes, removalIn), unchecked);
  return { outcomes: ended.outcomes.map(reporter.report), notes: [...notes, ...ended.notes] };
}

/** Looks for tags that the registry removed although they should stay, and puts them back. */
async function repairLost(
  outcomes: readonly Outcome[],
  records: ReadonlyMap<string, UndoRecord>,
  request: ApplyRequest,
): Promise<readonly string[]> {
  const removed = outcomes.filter(({ result }) => result === 'done').map(({ change }) => change);
  const { lost, notes } = await findLost(removed, request);
  return [...notes, ...(await Promise.all(lost.map((place) => putBack(place, records, request))))];
}
