import pLimit from 'p-limit';
import { placeholderDigest, type Remover } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, isOfPlace } from '../plan/index.ts';
import type { Repository } from '../registry/index.ts';
import { failedOutcome, heldOutcome } from './outcomes.ts';
import type { Outcome } from './types.ts';

/** What one removal works with. */
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

async function standingOf(change: Change, { name, manifests }: Repository): Promise<Standing> {
  const named = (await manifests.resolve(change.tag))?.digest;
  // Its tag names something else already, as it should; were it not so, the tag would go along.
  if (!isOfPlace(change)) return named === change.digest ? 'moved' : 'named';
  if (named === undefined) return 'absent';
  if (named === change.digest) return 'named';
  return named === placeholderDigest(name) ? 'placeholder' : 'moved';
}

/** Parts changes by how their tags stand. */
async function standingsOf(changes: readonly Change[], { repository, parallel }: Removal) {
  const limit = pLimit(parallel);
  const standings = await Promise.all(
    changes.map((change) => limit(() => standingOf(change, repository))),
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
const onlyTheTag = 'only the tag went; the image stays for who shares it';

function done(change: Change, started: number, facts: { readonly ended: number; detail?: string }) {
  const { ended, detail } = facts;
  const outcome = { change, result: 'done', ms: ended - started, bytes: 0 } as const;
  return detail === undefined ? outcome : { ...outcome, detail };
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
    if (untagging?.is === 'failed') return failedOutcome(change, untagging.error);
    if (untagging?.is === 'unsupported') return heldOutcome(change, cannotDelete);
    return done(change, started, {
      ended,
      detail: untagging?.is === 'absent' ? gone : onlyTheTag,
    });
  };
  return [
    ...[...named, ...placeholder].map(outcomeOf),
    ...absent.map((change) => done(change, started, { ended, detail: gone })),
    ...moved.map((change) => heldOutcome(change, movedTag)),
  ];
}

/** A manifest to delete: the changes whose tags go with it, and the manifests that only it has below it. */
export interface ManifestRemoval {
  readonly digest: Digest;
  readonly changes: readonly Change[];
  /** Parents before children. */
  readonly below: readonly Digest[];
}

/**
 * Deletes one manifest with all of its tags.
 *
 * Each tag is looked at again right before. When one of them names something else by now, the manifest goes all the same if
 * another tag of the plan still names it, and the moved tag is not touched. `tags`: what is left to untag, because the
 * registry deletes no manifests, or a killed run left a placeholder.
 */
export async function deleteOne(
  { digest, changes, below }: ManifestRemoval,
  removal: Removal,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly tags: readonly Change[] }> {
  const { repository, remover, now } = removal;
  const started = now();
  const { named, placeholder, absent, moved } = await standingsOf(changes, removal);
  const others = [
    ...absent.map((change) => done(change, started, { ended: now(), detail: gone })),
    ...moved.map((change) => heldOutcome(change, isOfPlace(change) ? movedTag : stillNamed)),
  ];
  if (named.length + placeholder.length === 0) return { outcomes: others, tags: [] };
  const deletion = await remover.delete(repository, digest);
  if (deletion === 'unsupported') {
    // What was replaced has no tag of its own: the one that it had is in use.
    const left = named.filter((change) => !isOfPlace(change));
    const tags = [...named.filter(isOfPlace), ...placeholder];
    const held = left.map((change) => heldOutcome(change, cannotDelete));
    return { outcomes: [...others, ...held], tags };
  }
  for (const child of below) await remover.delete(repository, child);
  const ended = now();
  // A placeholder is another manifest: its tag is still there.
  const outcomes = [...others, ...named.map((change) => done(change, started, { ended }))];
  return { outcomes, tags: placeholder };
}

/** Gives the same failure to all changes of a removal. */
export function failAll(changes: readonly Change[], thrown: unknown): readonly Outcome[] {
  return changes.map((change) => failedOutcome(change, thrown));
}
