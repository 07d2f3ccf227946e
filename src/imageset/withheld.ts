import { type Collection, type ContentKind, contentKindOf } from './collector.ts';
import { type EntryName, entriesOf, entryAt, isSameEntry, parseWish } from './entries.ts';
import {
  type Cause,
  type ImageKind,
  type MirroredPlacement,
  type Placement,
  placeKey,
} from './placement.ts';
import { type ConfigFile, namesOf } from './position.ts';

/** The facts about both sides of a diff when a part of the head could not be collected. */
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
    const names = new Set(file ? namesOf(file) : [identity]);
    return {
      names,
      head: collection,
      base: base.filter(({ imageSet }) => names.has(imageSet.identity)),
      gaps: [...entriesAt(collection, collection.gaps ?? []), ...entriesAt(collection, lost)],
    };
  });
}

/** The entries that want a placement, as the state records them for one image set; `undefined`: it records none. */
function entriesIn(placement: MirroredPlacement, names: Scope['names']): EntryName[] | undefined {
  const wishes = (placement.entries ?? []).map(parseWish).filter((one) => names.has(one.imageSet));
  return wishes.length === 0 || wishes.some(({ entry }) => entry === undefined)
    ? undefined
    : wishes.flatMap(({ entry }) => entry ?? []);
}

function isSameName(a: EntryName, b: EntryName): boolean {
  return a.kind === b.kind && a.name === b.name && a.part === b.part;
}

/**
 * Gives the entries that one which could not be collected stands for: itself, or, where nobody knew it before, those that
 * the head does not name any more, for it may be one of them misspelled.
 */
function formerOf(gap: EntryName, before: readonly EntryName[], now: readonly EntryName[]) {
  const isKnown = before.some((entry) => entry.part === gap.part && isSameEntry(entry, gap));
  if (isKnown) return [gap];
  return before.filter(
    (entry) =>
      entry.kind === gap.kind &&
      (gap.part === undefined || entry.name === gap.name) &&
      !now.some((one) => isSameName(one, entry)),
  );
}

/** Tells whether one of the entries that want something is among those that are looked for. */
function wants(wishes: readonly EntryName[], wanted: readonly EntryName[]): boolean {
  return wishes.some((one) => wanted.some((entry) => isSameEntry(entry, one)));
}

/** Gives the places that entries want as the base asks for them. */
function placesInBase({ base }: Scope, wanted: readonly EntryName[]): string[] {
  return base.flatMap((collection) =>
    collection.placements
      .filter(({ causes }) => wants(entriesAt(collection, causes), wanted))
      .map(({ target }) => placeKey(target)),
  );
}

/** Gives the places of one kind that an image set wants and of which nobody says which of its entries does. */
function unexplained(kind: ContentKind, { names, base }: Scope, state: WithheldFacts['state']) {
  const ofKind = (one: { readonly kind: ImageKind }) => contentKindOf(one.kind) === kind;
  const wished = base.flatMap(({ placements }) => placements.filter(ofKind));
  const isSaid = new Set(state.filter((one) => entriesIn(one, names) !== undefined).map(placeKey));
  const mirrored = state.filter(
    (one) => ofKind(one) && one.imageSets.some((name) => names.has(name)),
  );
  const all = {
    base: wished.map(({ target }) => placeKey(target)),
    state: mirrored.map(placeKey),
  };
  const known = new Set(all.base);
  return {
    /** Places that the base does not speak of. */
    older: all.state.filter((key) => !known.has(key) && !isSaid.has(key)),
    all: [...all.base, ...all.state].filter((key) => !isSaid.has(key)),
  };
}

/** Gives the places that stay for one entry that could not be collected. */
function placesFor(gap: EntryName, scope: Scope, state: WithheldFacts['state']): string[] {
  const { base, names, head } = scope;
  const said = state.flatMap((placement) => {
    const isWanted = placement.imageSets.some((name) => names.has(name));
    const entries = isWanted ? entriesIn(placement, names) : undefined;
    return entries ? [{ key: placeKey(placement), entries }] : [];
  });
  const before = [
    ...base.flatMap(({ imageSet }) => entriesOf(imageSet)),
    ...said.flatMap(({ entries }) => entries),
  ];
  const wanted = formerOf(gap, before, entriesOf(head.imageSet));
  const holes = base.flatMap((one) => entriesAt(one, one.gaps ?? []));
  const { older, all } = unexplained(gap.kind, scope, state);
  const isUnknown = base.length === 0 || wants(holes, wanted);
  return [
    ...placesInBase(scope, wanted),
    ...said.filter(({ entries }) => wants(entries, wanted)).map(({ key }) => key),
    ...(isUnknown ? all : older),
  ];
}

/**
 * Finds the places that stay because an entry that could not be collected may have wanted them.
 *
 * An entry that fails keeps what it wanted before: what the base asks for through it, and what the state says that it
 * wants. Where neither can tell, everything of its kind that its image set wanted stays. Entries of other kinds, other image
 * sets and other entries of which it is known what they wanted are not held up.
 */
export function findWithheld(facts: WithheldFacts): ReadonlySet<string> {
  const places = scopesOf(facts).flatMap((scope) =>
    scope.gaps.flatMap((gap) => placesFor(gap, scope, facts.state)),
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
