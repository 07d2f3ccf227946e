/**
 * The ways of a run to registries: one for the sources, one for the target.
 *
 * Images that lie in no registry, because the workspace or the run itself made them, are read by the same interface. A
 * connection of the state outlives a cancelled run, so that it is written down what was done.
 *
 * The folder refuses to know what is read and written.
 */
export { outlivesCancel } from './outlives-cancel.ts';
export * from './sides.ts';
export { withWorkspaceImages } from './workspace-images.ts';
export * from './written-manifests.ts';
