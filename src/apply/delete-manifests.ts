import pLimit from 'p-limit';
import { messageOf } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, type DoomedManifest, deletionOrder } from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import type { Ledger } from './ledger.ts';
import { unreadNote } from './leftovers.ts';
import { cancelled, skippedOutcome } from './outcomes.ts';
import { deleteOne, failAll, type Removal } from './remove-one.ts';
import type { Reporter } from './reporter.ts';
import type { BegunRequest } from './request.ts';
import { TagWatch } from './tag-watch.ts';
import type { Outcome } from './types.ts';

/** Repositories of which manifests are deleted at once: registries walk all tags of one for each. */
const repositoriesAtOnce = 4;

/** What deletes work with. */
export interface DeleteContext {
  removalIn(repository: string): Removal;
  readonly reporter: Reporter;
  /** Its plan says of whatever stays that it is kept or held. */
  readonly request: BegunRequest;
  readonly records: readonly UndoRecord[];
}

/** What deletes came to; `tags` are left to untag. */
export interface DeletedManifests {
  readonly outcomes: readonly Outcome[];
  readonly tags: readonly Change[];
  readonly notes: readonly string[];
}

const unlisted =
  "the registry's tag list is incomplete: a tag that it leaves out may name the digest";

/** The deletes of one repository while they go on. */
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
  { digest, above, isKept }: DoomedManifest,
  { watch, standing }: Going,
): Promise<string | undefined> {
  if ((await watch.look()) === 'incomplete') return unlisted;
  if (isKept) return 'something that stays needs it';
  const index = above.find((one) => standing.has(one));
  if (index) return `the index ${index} has it as a child and is still there`;
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
 * back. What has an index above it that is still there stays too.
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
export async function deleteManifests(context: DeleteContext): Promise<DeletedManifests> {
  const { request } = context;
  const limit = pLimit(Math.min(repositoriesAtOnce, request.endpoints.parallel));
  const order = deletionOrder(request.plan, request.input);
  const byRepository = Map.groupBy(order, ({ repository }) => repository);
  const deleted = await Promise.all(
    [...byRepository].map(([repository, doomed]) =>
      limit(() => deleteIn(repository, doomed, context)),
    ),
  );
  return {
    outcomes: deleted.flatMap((one) => one.outcomes),
    tags: deleted.flatMap((one) => one.tags),
    notes: deleted.flatMap((one) => one.notes),
  };
}
