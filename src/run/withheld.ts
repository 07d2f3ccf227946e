import {
  type Cause,
  type Collection,
  type ContentKind,
  type EntryName,
  entriesOf,
  entryAt,
  isSameEntry,
  type MirroredPlacement,
  type Placement,
  placeKey,
} from '../imageset/index.ts';
import { contentKindOf } from './kinds.ts';
import type { ConfigFile } from './types.ts';

/** What is known of both sides of a diff when something of the head could not be collected. */
export interface WithheldFacts {
  readonly head: readonly Collection[];
  readonly base: readonly Collection[];
  /** Images of the head of which nobody can say what they are. */
  readonly unpinned: readonly Placement[];
  readonly state: readonly MirroredPlacement[];
  /** The files of the head: they know under which names image sets went before. */
  readonly files: readonly ConfigFile[];
}

/** One image set of the head, with all that is known of it. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly head: Collection;
  readonly base: readonly Collection[];
  readonly gaps: readonly EntryName[];
}

/** Which of the former wishes of an image set may be those of an entry that could not be collected. */
type Former =
  | { readonly of: 'entries'; readonly entries: readonly EntryName[] }
  | { readonly of: 'everything' };

function entriesAt(collection: Collection, causes: readonly Cause[]): EntryName[] {
  const { imageSet } = collection;
  return causes
    .filter((cause) => cause.imageSet === imageSet.identity)
    .flatMap(({ path }) => entryAt(imageSet, path) ?? []);
}

function scopesOf({ head, base, unpinned, files }: WithheldFacts): Scope[] {
  const lost = unpinned.flatMap(({ causes }) => causes);
  return head.map((collection): Scope => {
    const { identity } = collection.imageSet;
    const file = files.find((one) => (one.identity ?? one.name) === identity);
    const names = new Set([identity, ...(file?.formerNames ?? [])]);
    return {
      names,
      head: collection,
      base: base.filter(({ imageSet }) => names.has(imageSet.identity)),
      gaps: [...entriesAt(collection, collection.gaps ?? []), ...entriesAt(collection, lost)],
    };
  });
}

/**
 * Says what an entry that could not be collected may have wanted before.
 *
 * The base knows it where it has the entry whole. An entry that the base does not have may be one of the base's that the
 * head does not name any more, misspelled. In all other cases nobody knows.
 */
function formerOf(gap: EntryName, { head, base }: Scope): Former {
  if (base.length === 0) return { of: 'everything' };
  const before = base.flatMap(({ imageSet }) => entriesOf(imageSet)).filter(isOf(gap.kind));
  const holes = base.flatMap((one) => entriesAt(one, one.gaps ?? []));
  const now = entriesOf(head.imageSet);
  const same = before.filter((entry) => isSameEntry(entry, gap));
  const isPart = same.some(({ part }) => part !== undefined);
  const known = gap.part === undefined || isPart ? same : [];
  const vanished = before.filter(
    (entry) =>
      (gap.part === undefined || entry.name === gap.name) &&
      !now.some((one) => isSameName(one, entry)),
  );
  const entries = known.length > 0 ? [gap] : vanished;
  const isUnknown = entries.some((entry) => holes.some((hole) => isSameEntry(hole, entry)));
  return isUnknown ? { of: 'everything' } : { of: 'entries', entries };
}

function isOf(kind: ContentKind) {
  return (entry: EntryName): boolean => entry.kind === kind;
}

function isSameName(a: EntryName, b: EntryName): boolean {
  return a.kind === b.kind && a.name === b.name && a.part === b.part;
}

/** Gives the places that the base wants for one of some entries. */
function placesIn(base: readonly Collection[], entries: readonly EntryName[]): string[] {
  return base.flatMap((collection) =>
    collection.placements
      .filter(({ causes }) =>
        entriesAt(collection, causes).some((one) =>
          entries.some((entry) => isSameEntry(entry, one)),
        ),
      )
      .map(({ target }) => placeKey(target)),
  );
}

/** Gives the places of one kind that an image set wants, as far as base or state know. */
function placesOfKind(kind: ContentKind, { names, base }: Scope, state: WithheldFacts['state']) {
  const wished = base.flatMap(({ placements }) =>
    placements.filter((one) => contentKindOf(one.kind) === kind).map(({ target }) => target),
  );
  const mirrored = state.filter(
    (one) => contentKindOf(one.kind) === kind && one.imageSets.some((name) => names.has(name)),
  );
  return [...wished, ...mirrored].map(placeKey);
}

/** The state may remember more wishes than the base has; nothing says of which entry they were. */
function olderPlaces(kind: ContentKind, scope: Scope, state: WithheldFacts['state']): string[] {
  const wished = new Set(
    scope.base.flatMap(({ placements }) => placements.map(({ target }) => placeKey(target))),
  );
  return placesOfKind(kind, scope, state).filter((key) => !wished.has(key));
}

/**
 * Finds the places that stay because an entry that could not be collected may have wanted them.
 *
 * An entry that fails keeps what it wanted before: what the base asks for through it, and what the state has of its kind
 * and image set that the base does not speak of. Where nobody can say what it wanted, everything of its kind that its
 * image set wanted stays. Entries of other kinds, other image sets, and other entries of the base are not held up.
 */
export function findWithheld(facts: WithheldFacts): ReadonlySet<string> {
  const places = scopesOf(facts).flatMap((scope) =>
    scope.gaps.flatMap((gap) => {
      const former = formerOf(gap, scope);
      return former.of === 'everything'
        ? placesOfKind(gap.kind, scope, facts.state)
        : [...placesIn(scope.base, former.entries), ...olderPlaces(gap.kind, scope, facts.state)];
    }),
  );
  return new Set(places);
}

/** Leaves out the catalogs of entries that fail as a whole, on both sides: nothing can be said of what becomes of them. */
export function soundCatalogs(
  head: readonly Collection[],
  base: readonly Collection[],
): { readonly head: readonly Collection[]; readonly base: readonly Collection[] } {
  const all = [...head, ...base];
  const failed = all
    .flatMap((one) => entriesAt(one, one.gaps ?? []))
    .filter(({ kind, part }) => kind === 'operator' && part === undefined);
  const without = (collection: Collection): Collection => {
    const isSound = (entry: number) => {
      const name = entryAt(collection.imageSet, `mirror.operators[${entry}]`);
      return name === undefined || !failed.some((one) => isSameEntry(one, name));
    };
    const { catalogs = [] } = collection;
    return { ...collection, catalogs: catalogs.filter(({ entry }) => isSound(entry)) };
  };
  return { head: head.map(without), base: base.map(without) };
}
