import pLimit from 'p-limit';
import { messageOf } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, type DoomedManifest, deletionOrder } from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { cancelled, skippedOutcome } from './outcomes.ts';
import { deleteOne, failAll, type Removal } from './remove-one.ts';
import type { Reporter } from './reporter.ts';
import type { ApplyRequest } from './request.ts';
import { TagWatch } from './tag-watch.ts';
import type { Outcome } from './types.ts';

/** Repositories of which manifests are deleted at once: registries walk all tags of one for each. */
const repositoriesAtOnce = 4;

/** What deletes work with. */
export interface DeleteContext {
  removalIn(repository: string): Removal;
  readonly reporter: Reporter;
  /** Its plan says of whatever stays that it is kept or held. */
  readonly request: ApplyRequest;
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

/** Says why a manifest must not go right now. */
function obstacle(
  { digest, above, isKept }: DoomedManifest,
  standing: ReadonlySet<Digest>,
  watch: TagWatch,
): string | undefined {
  if (isKept) return 'something that stays needs it';
  const index = above.find((one) => standing.has(one));
  if (index) return `the index ${index} has it as a child and is still there`;
  const tag = watch.holderOf(digest);
  return tag && `the tag ${tag}, which somebody set meanwhile, names it or an index above it`;
}

/**
 * Deletes the manifests of one repository, one after the other, an index before its children.
 *
 * The tags are read right before each delete, and once more after the last: what somebody tagged meanwhile stays, or is put
 * back. What has an index above it that is still there stays too.
 */
async function deleteIn(
  repository: string,
  doomed: readonly DoomedManifest[],
  { removalIn, reporter, request, records }: DeleteContext,
): Promise<DeletedManifests> {
  const removal = removalIn(repository);
  const outcomes: Outcome[] = [];
  const tags: Change[] = [];
  const notes: string[] = [];
  const standing = new Set<Digest>();
  const watch = new TagWatch({
    repository: removal.repository,
    manifests: request.ways.manifests,
    seen: request.input.observation.repositories.get(repository)?.tags.keys() ?? [],
    records: records.filter(({ placement }) => placement.repository === repository),
  });

  async function remove(one: DoomedManifest): Promise<readonly Outcome[]> {
    const { digest } = one;
    const findObstacle = async () =>
      (await watch.look()) === 'incomplete' ? unlisted : obstacle(one, standing, watch);
    const done = await deleteOne({ ...one, findObstacle }, removal);
    if (done.is === 'deleted') watch.noteDeleted(digest);
    if (done.is === 'standing') standing.add(digest);
    for (const change of done.tags) tags.push(change);
    return done.outcomes;
  }

  for (const one of doomed) {
    if (request.signal?.aborted) {
      for (const change of one.changes) {
        outcomes.push(reporter.report(skippedOutcome(change, cancelled)));
      }
      continue;
    }
    const found = await remove(one).catch((thrown) => {
      standing.add(one.digest);
      if (one.changes.length === 0) {
        notes.push(
          `${repository}@${one.digest}, which only a deleted index had, is left: ${messageOf(thrown)}`,
        );
      }
      return failAll(one.changes, thrown);
    });
    for (const outcome of found) outcomes.push(reporter.report(outcome));
  }
  if (!request.signal?.aborted) {
    await watch.look().catch((thrown) => {
      notes.push(
        `The tags of ${repository} could not be read after the deletes: ${messageOf(thrown)}`,
      );
    });
  }
  return { outcomes, tags, notes: [...watch.notes, ...notes] };
}

/** Deletes manifests, each once with all the tags that go, and what only they have below them. */
export async function deleteManifests(context: DeleteContext): Promise<DeletedManifests> {
  const { request } = context;
  const limit = pLimit(Math.min(repositoriesAtOnce, request.ways.parallel));
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
