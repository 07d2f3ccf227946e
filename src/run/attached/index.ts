/**
 * Signatures and other attachments of the images of a run.
 *
 * Each image of a run, and each image of an index, is looked up at its source. Answers are remembered
 * for some hours. Attachments become placements of their own, which the plan treats like images. Signatures that were added in
 * the target stay: a list of referrers is joined with that of the source, and a tag of cosign that has all signatures of the
 * source, and more, is kept. Findings tell how many images of a registry are signed, and which images the policy of their
 * release would reject.
 *
 * The folder refuses to know how a signature is verified (`trust/` does), and when an attachment may go (`plan/` does).
 */
export * from './attach.ts';
export * from './attached-places.ts';
export { diagnoseClusterPolicies } from './cluster-policies.ts';
export { writeListsAgain } from './join-referrers.ts';
