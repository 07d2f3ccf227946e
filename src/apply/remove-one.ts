import { placeKey } from '../imageset/index.ts';
import { placeholderDigest, type Remover, type Untagging } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Change } from '../plan/index.ts';
import type { Repository } from '../registry/index.ts';
import { failedOutcome, heldOutcome } from './outcomes.ts';
import type { Outcome } from './types.ts';

/** What one removal works with. */
export interface Removal {
  readonly repository: Repository;
  readonly remover: Remover;
  /** Milliseconds since the epoch. */
  now(): number;
}

const cannotDelete =
  'the registry does not delete: switch deletion on in its configuration, or remove the image with its own tools';

/** How a tag stands right before its deed. */
type Standing = 'named' | 'placeholder' | 'absent' | 'moved';

async function standingOf(change: Change, repository: Repository): Promise<Standing> {
  const named = (await repository.manifests.resolve(change.tag))?.digest;
  if (named === undefined) return 'absent';
  if (named === change.digest) return 'named';
  return named === placeholderDigest(placeKey(change), change.digest) ? 'placeholder' : 'moved';
}

const gone = 'it was gone already';
const movedTag = 'its tag names something else since the plan was made; it was not touched';

const ladder: Record<Exclude<Untagging, 'absent' | 'unsupported'>, string> = {
  untagged: 'only the tag went; the image stays for who shares it',
  replaced: 'only the tag went, by way of a placeholder; the image stays for who shares it',
};

function done(change: Change, started: number, facts: { readonly ended: number; detail?: string }) {
  const { ended, detail } = facts;
  const outcome = { change, result: 'done', ms: ended - started, bytes: 0 } as const;
  return detail === undefined ? outcome : { ...outcome, detail };
}

/**
 * Removes one tag and leaves its manifest in place.
 *
 * The tag is looked at again right before. A placeholder that a killed run left behind is finished.
 */
export async function untagOne(change: Change, removal: Removal): Promise<Outcome> {
  const { repository, remover, now } = removal;
  const started = now();
  const standing = await standingOf(change, repository);
  if (standing === 'absent') return done(change, started, { ended: now(), detail: gone });
  if (standing === 'moved') return heldOutcome(change, movedTag);
  const { tag, digest } = change;
  const untagging = await remover.untag(repository, { tag, digest });
  if (untagging === 'unsupported') return heldOutcome(change, cannotDelete);
  const detail = untagging === 'absent' ? gone : ladder[untagging];
  return done(change, started, { ended: now(), detail });
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
 * another tag of the plan still names it, and the moved tag is not touched. Where the registry deletes no manifests, the
 * tags go.
 */
export async function deleteOne(
  { digest, changes, below }: ManifestRemoval,
  removal: Removal,
): Promise<readonly Outcome[]> {
  const { repository, remover, now } = removal;
  const started = now();
  const standings = await Promise.all(
    changes.map(async (change) => [change, await standingOf(change, repository)] as const),
  );
  const [named = [], replaced = [], moved = [], absent = []] = (
    ['named', 'placeholder', 'moved', 'absent'] as const
  ).map((wanted) => standings.filter(([, is]) => is === wanted).map(([change]) => change));
  const others = [
    ...absent.map((change) => done(change, started, { ended: now(), detail: gone })),
    ...moved.map((change) => heldOutcome(change, movedTag)),
  ];
  if (named.length + replaced.length === 0) return others;
  const deletion = await remover.delete(repository, digest);
  // A placeholder is another manifest; where nothing can be deleted, every tag is tried by itself.
  const alone = deletion === 'unsupported' ? [...named, ...replaced] : replaced;
  const untagged = await Promise.all(alone.map((change) => untagOne(change, removal)));
  if (deletion === 'unsupported') return [...others, ...untagged];
  for (const child of below) await remover.delete(repository, child);
  const ended = now();
  return [...others, ...untagged, ...named.map((change) => done(change, started, { ended }))];
}

/** Gives the same failure to all changes of a removal. */
export function failAll(changes: readonly Change[], thrown: unknown): readonly Outcome[] {
  return changes.map((change) => failedOutcome(change, thrown));
}
