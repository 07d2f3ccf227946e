import { mapParallel } from '../base/index.ts';
import { isPlaceholder, type Remover } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, isOfPlace, subjectsOf } from '../plan/index.ts';
import { findManifest, type Repository } from '../registry/index.ts';
import { fixedOutcome, heldOutcome, postponedOutcome, unremovedOutcome } from './outcomes.ts';
import type { Outcome } from './types.ts';

/** The facts that one removal works with. */
export interface Removal {
  readonly repository: Repository;
  readonly remover: Remover;
  /** Requests in flight. */
  readonly parallel: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

const cannotDelete =
  'the registry does not delete: switch deletion on in its configuration, or remove the image with its own tools';

/** How a tag stands right before its deed. */
type Standing = 'named' | 'placeholder' | 'absent' | 'moved';

async function standingOf(change: Change, repository: Repository): Promise<Standing> {
  const named = (await findManifest(repository, change.tag))?.digest;
  // The tag of a replaced digest should name another one; if it does not, deleting the digest would remove the tag too.
  if (!isOfPlace(change)) return named === change.digest ? 'moved' : 'named';
  if (named === undefined) return 'absent';
  if (named === change.digest) return 'named';
  return isPlaceholder(repository.name, named) ? 'placeholder' : 'moved';
}

/** Parts changes by how their tags stand. */
async function standingsOf(changes: readonly Change[], { repository, parallel }: Removal) {
  const standings = await mapParallel(changes, parallel, (change) =>
    standingOf(change, repository),
  );
  const those = (wanted: Standing) => changes.filter((_, index) => standings[index] === wanted);
  return {
    named: those('named'),
    placeholder: those('placeholder'),
    absent: those('absent'),
    moved: those('moved'),
  };
}

const gone = 'it was gone already';
const stillNamed = 'its tag names it again; it was not touched';
const movedTag = 'its tag names something else since the plan was made; it was not touched';
const onlyTheTag = 'only the tag was removed; other tags share the image';

function done(change: Change, started: number, facts: { readonly ended: number; detail?: string }) {
  const { ended, detail } = facts;
  const outcome = { change, result: 'done', ms: ended - started, bytes: 0 } as const;
  if (detail === undefined) return outcome;
  return { ...outcome, detail, ...(detail === gone && { wasGone: true as const }) };
}

/**
 * Removes tags of one repository and leaves their manifests in place.
 *
 * Each tag is looked at again right before. A placeholder that a killed run left behind is finished.
 */
export async function untagAll(
  changes: readonly Change[],
  removal: Removal,
): Promise<readonly Outcome[]> {
  const started = removal.now();
  const { named, placeholder, absent, moved } = await standingsOf(changes, removal);
  const untagged = await removal.remover.untag(removal.repository, [...named, ...placeholder]);
  const ended = removal.now();
  const outcomeOf = (change: Change): Outcome => {
    const untagging = untagged.get(change.tag);
    if (untagging?.is === 'failed') return unremovedOutcome(change, untagging.error);
    if (untagging?.is === 'immovable') return fixedOutcome(change, untagging.error);
    if (untagging?.is === 'unsupported') return heldOutcome(change, cannotDelete);
    return done(change, started, { ended, detail: untagging?.is === 'absent' ? gone : onlyTheTag });
  };
  return [
    ...[...named, ...placeholder].map(outcomeOf),
    ...absent.map((change) => done(change, started, { ended, detail: gone })),
    ...moved.map((change) => postponedOutcome(change, movedTag)),
  ];
}

const subjectStands = 'the image to which it is attached is still there';

/**
 * Removes tags of one repository, those of images first: an attachment stays as long as a tag of its image could not go.
 * @see DESIGN, law 11
 */
export async function untagInOrder(
  changes: readonly Change[],
  removal: Removal,
): Promise<readonly Outcome[]> {
  const isOfImage = (change: Change) => subjectsOf(change).length === 0;
  const first = changes.filter(isOfImage);
  const outcomes = await untagAll(first, removal).catch((thrown) => failAll(first, thrown));
  const standing = new Map(
    outcomes.filter(({ result }) => result !== 'done').map((one) => [one.change.digest, one]),
  );
  const subjectOf = (change: Change) =>
    subjectsOf(change).flatMap((digest) => standing.get(digest) ?? [])[0];
  const attached = changes.filter((change) => !isOfImage(change));
  const going = attached.filter((change) => !subjectOf(change));
  const kept = attached.flatMap((change) => {
    const subject = subjectOf(change);
    if (!subject) return [];
    const isOver = subject.result === 'held' && !subject.again;
    return [isOver ? heldOutcome(change, subjectStands) : postponedOutcome(change, subjectStands)];
  });
  return [...outcomes, ...kept, ...(await untagAll(going, removal))];
}

/** A manifest to delete, and the changes whose tags go with it; none for a child of an index that went. */
export interface ManifestRemoval {
  readonly digest: Digest;
  readonly changes: readonly Change[];
  /** Asked right before the deed; gives what forbids it. */
  findObstacle(): Promise<string | undefined>;
}

/** The result of one delete; `standing`: the manifest is still there. */
export interface DeletedManifest {
  readonly outcomes: readonly Outcome[];
  /** Tags that are still to be removed: the registry deletes no manifests, or a killed run left a placeholder. */
  readonly tags: readonly Change[];
  readonly is: 'deleted' | 'absent' | 'unsupported' | 'standing';
}

/** Tells whether a manifest is there although its tag is gone: then it is deleted by its digest. */
async function isThere(digest: Digest, { repository }: Removal): Promise<boolean> {
  return (await findManifest(repository, digest)) !== undefined;
}

/**
 * Deletes one manifest with all of its tags.
 *
 * Each tag is looked at again right before. When one of them names something else by now, the manifest goes all the same if
 * another tag of the plan still names it, and the moved tag is not touched. Where every tag is gone the manifest goes by its
 * digest; it was gone already when that is not there either.
 */
export async function deleteOne(
  { digest, changes, findObstacle }: ManifestRemoval,
  removal: Removal,
): Promise<DeletedManifest> {
  const { repository, remover, now } = removal;
  const started = now();
  const { named, placeholder, absent, moved } = await standingsOf(changes, removal);
  const kept = moved.map((change) =>
    postponedOutcome(change, isOfPlace(change) ? movedTag : stillNamed),
  );
  if (changes.length > 0 && named.length + placeholder.length === 0) {
    const isLeft = absent.length > 0 && (await isThere(digest, removal));
    if (!isLeft) {
      const lost = absent.map((change) => done(change, started, { ended: now(), detail: gone }));
      return {
        outcomes: [...kept, ...lost],
        tags: [],
        is: moved.length > 0 ? 'standing' : 'absent',
      };
    }
  }
  const going = [...named, ...absent];
  const obstacle = await findObstacle();
  if (obstacle !== undefined) {
    const all = [...going, ...placeholder].map((change) => postponedOutcome(change, obstacle));
    return { outcomes: [...kept, ...all], tags: [], is: 'standing' };
  }
  const deletion = await remover.delete(repository, digest);
  if (deletion === 'unsupported') {
    // A replaced digest has no tag of its own: the one that it had is in use.
    const left = going.filter((change) => !isOfPlace(change));
    const held = left.map((change) => heldOutcome(change, cannotDelete));
    const tags = [...going.filter(isOfPlace), ...placeholder];
    return { outcomes: [...kept, ...held], tags, is: 'unsupported' };
  }
  const ended = now();
  const went = going.map((change) => done(change, started, { ended }));
  // A placeholder is another manifest: its tag is still there.
  return { outcomes: [...kept, ...went], tags: placeholder, is: deletion };
}

/** Gives the same failure to all changes of a removal. */
export function failAll(changes: readonly Change[], thrown: unknown): readonly Outcome[] {
  return changes.map((change) => unremovedOutcome(change, thrown));
}
