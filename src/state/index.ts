/**
 * The state of one target: a record of everything that this tool has mirrored to it, and the stores that keep the record.
 *
 * A state lists the places that this tool filled, with their digests and the image sets that want them. Only listed places
 * may ever be deleted, so a state is read strictly: a wrong line or an unknown version refuses the whole state. A lost state
 * is safe, for a run adopts the images that it finds; a false state is not.
 *
 * Runs write at the same time and do not ask each other. Therefore nothing is overwritten: each write is an entry of its own,
 * under a name that no other run can choose, and contains everything that its run knew. The state is the join of all entries.
 * The join keeps an addition of one run beside a removal of another run, in whatever order they are read. A run removes an
 * entry only after it has read the entry and written an entry that contains it.
 *
 * A run also announces its work: the places that it fills, and those that it is about to delete. Other runs respect this
 * until the run ends, or until the time that it named has passed.
 *
 * Before something is deleted, its manifests are stored whole as undo records, under a name of the run.
 *
 * An entry is an ordinary OCI image of JSON lines: a registry that takes images takes it. Its
 * unpacked size, its number of lines and their depth have limits, because everybody who may push there can write one.
 *
 * The content cache only makes runs fast. Every read of it is verified by digest, and no failure of it is an error.
 *
 * This layer knows no plans: an apply gives it plain lists of places.
 */
export { createContentCache } from './content-cache.ts';
export { createDirectoryStateStore } from './directory-store.ts';
export { formatRunId, parseRunId } from './facts.ts';
export { knownImageSets, takeOverNames } from './former-names.ts';
export { createRegistryStateStore } from './registry-store.ts';
export {
  type Applied,
  emptyState,
  forget,
  forgetPending,
  nextRunId,
  notePending,
  recordApplied,
  withinTarget,
  withRuns,
} from './state.ts';
export * from './types.ts';
export { decodeUndo, encodeUndo, mergeUndo } from './undo.ts';
