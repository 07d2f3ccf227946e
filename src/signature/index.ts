/**
 * Signatures of images, and everything else that is attached to an image in its repository.
 *
 * An image is named by its digest, and so is everything that speaks of it: cosign puts a tag beside the image
 * (`sha256-<hex>.sig`, `.att`, `.sbom`), OCI 1.1 lists referrers by their `subject`, and where a registry has no such list a tag
 * `sha256-<hex>` names an index of them. All three are found here and become tags, because a tag is what every registry keeps, every client
 * finds and a plan can name.
 *
 * Laws: an attachment belongs to a subject, and is never asked for without one. An image without any is an answer and no error. Their
 * number and depth are bounded before they are followed. Bytes that a registry holds are passed on as they are; an index is only
 * written where no registry holds one.
 *
 * It refuses to know image sets, plans and targets.
 */
export * from './attached-tags.ts';
export * from './attachments.ts';
export { attachmentLimits } from './limits.ts';
export * from './referrers-index.ts';
