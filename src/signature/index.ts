/**
 * Signatures of images, and everything else that is attached to an image in its repository.
 *
 * Three forms lead from the digest of an image to its attachments. Cosign puts a tag beside the image (`sha256-<hex>.sig`,
 * `.att`, `.sbom`). A registry of OCI 1.1 lists referrers by their `subject`. Where a registry has no such list, the tag
 * `sha256-<hex>` names an index of them. All three are found here and become tags, because every registry keeps tags, every client
 * finds them, and a plan can name them.
 *
 * Laws: an attachment belongs to a subject, and is never asked for without one. An image may have none. The number and depth of
 * referrers are bounded before they are followed. Bytes that a registry holds are passed on as they are. An index is written only
 * where no registry holds one.
 *
 * It refuses to know image sets, plans and targets.
 */
export * from './attachments.ts';
export { attachmentLimits } from './limits.ts';
export * from './referrers-index.ts';
