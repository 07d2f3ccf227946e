import { placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, isBring, isHeld, isOfPlace } from './change.ts';
import { observedTag } from './content.ts';
import type { PlanInput } from './types.ts';

/** A digest that stays because tags or changes name it. */
export interface KeepRoot {
  readonly digest: Digest;
  /** As far as a plan or the state knows it. */
  readonly mediaType: string | undefined;
  /** Places of ours that name it, `repository:tag`. */
  readonly ours: readonly string[];
  /** Tags that this tool did not put there, `repository:tag`. */
  readonly foreign: readonly string[];
}

/** The content that stays in one repository. */
export interface RepositoryRoots {
  readonly roots: ReadonlyMap<Digest, KeepRoot>;
  /** A foreign tag names something that nobody looked up. */
  readonly hasUnresolved: boolean;
}

/** The facts beside the changes of a plan. */
export type KeepFacts = Pick<PlanInput, 'state' | 'ownImageSets' | 'observation'>;

interface Draft {
  readonly roots: Map<Digest, KeepRoot & { readonly ours: string[]; readonly foreign: string[] }>;
  hasUnresolved: boolean;
}

interface Found {
  readonly repositories: Map<string, Draft>;
  /** The digests that our places should name. */
  readonly ours: Map<string, Digest>;
}

function draftOf({ repositories }: Found, repository: string): Draft {
  const known = repositories.get(repository);
  if (known) return known;
  const draft: Draft = { roots: new Map(), hasUnresolved: false };
  repositories.set(repository, draft);
  return draft;
}

type Named = TargetPlace & { readonly digest: Digest; readonly mediaType?: string };

function addRoot(found: Found, place: Named, owner: 'ours' | 'foreign'): void {
  const { roots } = draftOf(found, place.repository);
  const known = roots.get(place.digest);
  const root = {
    digest: place.digest,
    mediaType: known?.mediaType ?? place.mediaType,
    ours: known?.ours ?? [],
    foreign: known?.foreign ?? [],
  };
  root[owner].push(placeKey(place));
  roots.set(place.digest, root);
}

function add(found: Found, place: Named, owner: 'ours' | 'foreign'): void {
  addRoot(found, place, owner);
  if (owner === 'ours') found.ours.set(placeKey(place), place.digest);
}

/** Adds what the state knows and no change speaks of; a place that nobody wants and that is gone keeps nothing. */
function addState(found: Found, facts: KeepFacts, spoken: ReadonlySet<string>): void {
  for (const placement of facts.state) {
    if (spoken.has(placeKey(placement))) continue;
    const isFree = placement.imageSets.every((name) => facts.ownImageSets.has(name));
    const isGone = observedTag(facts.observation, placement).is === 'absent';
    if (!(isFree && isGone)) add(found, placement, 'ours');
  }
}

/** Adds every tag that is there and stays: whatever it names, and whoever put it there. */
function addTags(found: Found, facts: KeepFacts, overwritten: ReadonlySet<string>): void {
  for (const [repository, { tags }] of facts.observation.repositories) {
    for (const [tag, digest] of tags) {
      const key = placeKey({ repository, tag });
      const ours = found.ours.get(key);
      if (overwritten.has(key) || (ours !== undefined && ours === (digest ?? ours))) continue;
      if (digest === undefined) draftOf(found, repository).hasUnresolved = true;
      else add(found, { repository, tag, digest }, 'foreign');
    }
  }
}

/**
 * Gives, for each repository, the digests that stay: of changes that keep or bring something, of the state, and of every
 * tag that is there and is neither removed nor overwritten.
 *
 * `removing`: keys of the places that go; changes of such places do not count.
 */
export function findKeepRoots(
  changes: readonly Change[],
  removing: ReadonlySet<string>,
  facts: KeepFacts,
): ReadonlyMap<string, RepositoryRoots> {
  const found: Found = { repositories: new Map(), ours: new Map() };
  const inState = new Set(facts.state.map(placeKey));
  const spoken = new Set(removing);
  const overwritten = new Set(removing);
  for (const change of changes) {
    if (!isOfPlace(change)) {
      if (change.action === 'hold') addRoot(found, change, 'ours');
      continue;
    }
    const key = placeKey(change);
    if (removing.has(key)) continue;
    spoken.add(key);
    if (isBring(change)) overwritten.add(key);
    if (!isHeld(change, 'isUnproven') || inState.has(key)) add(found, change, 'ours');
  }
  addState(found, facts, spoken);
  addTags(found, facts, overwritten);
  return found.repositories;
}
