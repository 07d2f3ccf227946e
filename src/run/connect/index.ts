/**
 * The connections of a run: one to the sources, one to the target.
 *
 * Images that lie in no registry, because the workspace or the run itself made them, are read by the same interface. The
 * connection of the state outlives a cancelled run, so that its deeds are recorded.
 *
 * The folder refuses to know the meaning of the content.
 */
export { outlivesCancel } from './outlives-cancel.ts';
export * from './sides.ts';
export * from './workspace-images.ts';
