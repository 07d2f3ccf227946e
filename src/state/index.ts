/**
 * What this tool has mirrored to one target, and where that knowledge survives.
 *
 * A state is a fact book, not a wish: it lists the places that this tool filled, by digest, and for whom. Only what it
 * lists may ever be deleted, so it is read strictly: a line that this tool would not have written refuses the whole, and
 * a version that it does not know is refused rather than guessed. Forgetting is safe (a run adopts what it finds);
 * believing something false is not.
 *
 * Runs write at the same time and do not ask each other. So nothing is ever written over: each write is an entry of its
 * own, under a name that no other run can choose, and holds everything that its run knew. The state is the join of all
 * entries. The join keeps what one run added while another one removed something else, in whatever order they are read;
 * an entry is removed only by a run that has read it and whose own entry says what it said.
 *
 * A run also says what it is about to do: which places it fills, and which it is about to delete. Others respect that
 * until it ends, or until the time that it named has passed.
 *
 * Before something is deleted, its manifests are stored whole as undo records, under a name of the run.
 *
 * An entry is an ordinary OCI image of JSON lines: a registry that takes images takes it. What is unpacked, how many lines
 * and how deep they are has limits, for anybody who may push there may have written it.
 *
 * The content cache only makes runs fast. Every read of it is verified, no failure of it is an error, and nothing here
 * believes it further than a digest reaches.
 *
 * This layer refuses to know plans: what an apply did reaches it as plain lists of places.
 */
export { createContentCache } from './content-cache.ts';
export { createDirectoryStateStore } from './directory-store.ts';
export { formatRunId, parseRunId } from './facts.ts';
export { knownImageSets, takeOverNames } from './former-names.ts';
export { createRegistryStateStore, type RegistryStateOptions } from './registry-store.ts';
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
