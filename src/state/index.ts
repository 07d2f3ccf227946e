/**
 * What this tool has mirrored to one target, and where that knowledge survives.
 *
 * A state is a fact book, not a wish: it lists the places that this tool filled, by digest, and for whom. Only what it
 * lists may ever be deleted, so it is read strictly: a line that this tool would not have written refuses the whole, and
 * a version that it does not know is refused rather than guessed. Forgetting is safe (a run adopts what it finds);
 * believing something false is not.
 *
 * The same state is the same bytes, wherever it was made: sorted lines, no time and no machine in them. A version is the
 * digest of what is stored. A write says which version it was derived from and is refused when that is no longer the
 * current one; the state in a registry names its predecessor, so that its history can be walked.
 *
 * Before something is deleted, its manifests are stored whole as undo records.
 *
 * The content cache only makes runs fast. Every read of it is verified, no failure of it is an error, and nothing here
 * believes it further than a digest reaches.
 *
 * This layer refuses to know plans: what an apply did reaches it as plain lists of places.
 */
export { createContentCache } from './content-cache.ts';
export { createDirectoryStateStore } from './directory-store.ts';
export { decodeState, encodeState, sameState } from './encode.ts';
export {
  createRegistryStateStore,
  previousAnnotation,
  type RegistryStateOptions,
} from './registry-store.ts';
export {
  type Applied,
  emptyState,
  forget,
  markPending,
  nextRunId,
  recordApplied,
} from './state.ts';
export * from './types.ts';
export { decodeUndo, encodeUndo } from './undo.ts';
