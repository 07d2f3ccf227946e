/**
 * Signatures and other attachments of the images of a run.
 *
 * Each image of a run, and each image of an index, is looked up at its source; answers about signed images that lie in
 * the target are remembered for some hours. Attachments become placements of their own, which the plan treats like
 * images. A list of referrers of the target is joined with that of the source, never replaced. The coverage tells how many
 * images of a registry are signed, and a plan names those that the policy of a release would reject.
 *
 * The folder refuses to know whether a signature is right, and when an attachment may go.
 */
export * from './attach.ts';
export { attachedPlaces, withSubject } from './attached-places.ts';
export { imageKey, imagesBelow, type LookedUp } from './attachments.ts';
export { diagnoseClusterPolicies } from './cluster-policies.ts';
export { writeListsAgain } from './join-referrers.ts';
