import { checkLimit, firstOfEach } from '../base/index.ts';
import {
  type Descriptor,
  type Digest,
  type ImageIndex,
  isDigest,
  isImageType,
  isIndexType,
  referrersTag,
  tagPattern,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { attachmentLimits } from './limits.ts';
import { createReferrersIndex } from './referrers-index.ts';

/** The endings of cosign's tags. @see cosign, "Signature Specification" */
const cosignEndings = ['sig', 'att', 'sbom'] as const;

/** Gives the tags under which cosign puts what is attached to a digest; none where they would be too long for a tag. */
export function cosignTags(subject: Digest): readonly string[] {
  const tags = cosignEndings.map((ending) => `${subject.replace(':', '-')}.${ending}`);
  return tags.filter((tag) => tagPattern.test(tag));
}

/** Gives the tag of a list of referrers where the image itself has the tag for it. */
export function tagBeside(tag: string): string {
  return `${tag}.referrers`;
}

/** A tag that names the digest to which its content is attached. */
export interface AttachedTag {
  readonly subject: Digest;
  readonly form: 'cosign-tag' | 'referrers';
}

const attachedTag = new RegExp(
  `^sha256-(?<hex>[0-9a-f]{64})(?:\\.(?<ending>${cosignEndings.join('|')}|referrers))?$`,
);

/**
 * Reads a tag that names a digest; `undefined` for all others.
 *
 * The tag of a list of referrers may be that of an image as well: oc-mirror mirrors images by digest to such tags.
 * A tag is too short for a whole SHA-512 digest.
 */
export function readAttachedTag(tag: string): AttachedTag | undefined {
  const { hex, ending = 'referrers' } = attachedTag.exec(tag)?.groups ?? {};
  const subject = `sha256:${hex}`;
  if (!isDigest(subject)) return undefined;
  return { subject, form: ending === 'referrers' ? ending : 'cosign-tag' };
}

/** Something that is attached to a manifest, with the tag that names it. */
export interface Attachment extends AttachedTag {
  /** `sha256-<hex>.sig`, `.att`, `.sbom`; for referrers `sha256-<hex>`. */
  readonly tag: string;
  /** The manifest under the tag; for referrers an index of them. */
  readonly descriptor: Descriptor;
  /** The referrers that the index lists. */
  readonly referrers?: readonly Descriptor[];
  /** The index itself, where no registry holds it. */
  readonly index?: ImageIndex;
}

async function findByTag(
  { manifests }: Repository,
  subject: Digest,
  tag: string,
): Promise<Attachment[]> {
  const descriptor = await manifests.resolve(tag);
  return descriptor ? [{ subject, tag, descriptor, form: 'cosign-tag' }] : [];
}

/** Gives the index that a repository has under the tag, if it lists these manifests and no others. */
async function findIndex(
  { manifests }: Repository,
  tag: string,
  referrers: readonly Descriptor[],
): Promise<ImageIndex | undefined> {
  const found = await manifests.fetch(tag);
  if (found?.kind !== 'index' || found.manifests.length !== referrers.length) return undefined;
  const listed = new Set(found.manifests.map(({ digest }) => digest));
  return referrers.every(({ digest }) => listed.has(digest)) ? found : undefined;
}

/** @throws ContentError `TOO_LARGE` past the limit of referrers */
async function findReferrers(repository: Repository, subject: Digest): Promise<Attachment[]> {
  const all = await repository.referrers.list(subject);
  checkLimit(
    `${repository.registry}/${repository.name}@${subject}`,
    all.length,
    attachmentLimits.referrers,
  );
  // A registry may list other kinds of manifest; another registry need not take them.
  const referrers = all.filter(({ mediaType }) => isImageType(mediaType) || isIndexType(mediaType));
  if (referrers.length === 0) return [];
  const tag = referrersTag(subject);
  const isWhole = all.length === referrers.length;
  const own = isWhole ? await findIndex(repository, tag, referrers) : undefined;
  const index = own ?? createReferrersIndex(referrers);
  const { descriptor } = index;
  const found: Attachment = { subject, tag, descriptor, form: 'referrers', referrers };
  return [own ? found : { ...found, index }];
}

async function findBelow(
  repository: Repository,
  attachments: readonly Attachment[],
  depth: number,
): Promise<Attachment[]> {
  const subjects = new Set(
    attachments.flatMap(({ referrers = [] }) => referrers.map(({ digest }) => digest)),
  );
  const found: Attachment[] = [];
  for (const subject of subjects) {
    const what = `${repository.registry}/${repository.name}@${subject}`;
    const next = await findReferrers(repository, subject);
    if (next.length > 0) checkLimit(what, depth, attachmentLimits.depth);
    found.push(...next, ...(await findBelow(repository, next, depth + 1)));
  }
  return found;
}

/**
 * Finds everything that is attached to one manifest of a repository: cosign's tags, referrers, and the referrers of referrers.
 *
 * Gives each tag once, those of the manifest itself first. The children of an index are manifests of their own: ask for each.
 * Effects: reads only; four requests for a manifest to which nothing is attached.
 * @throws RegistryError when the registry does not answer, ContentError for an index that cannot be read or is past a limit
 */
export async function findAttachments(
  repository: Repository,
  subject: Digest,
): Promise<readonly Attachment[]> {
  const tagged = cosignTags(subject).map((tag) => findByTag(repository, subject, tag));
  const [referrers, ...cosign] = await Promise.all([findReferrers(repository, subject), ...tagged]);
  const below = await findBelow(repository, referrers ?? [], 2);
  const all = [...cosign.flat(), ...(referrers ?? []), ...below];
  return firstOfEach(all, ({ tag }) => tag);
}

/** Types of artifacts that are always signatures. @see cosign, notation */
const signatureTypes: ReadonlySet<string | undefined> = new Set([
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.cncf.notary.signature',
]);

/** The predicate type of a cosign bundle that is a signature, and no attestation. */
const signPredicate = 'https://sigstore.dev/cosign/sign/v1';

function isSignature({ artifactType = '', annotations = {} }: Descriptor): boolean {
  if (signatureTypes.has(artifactType)) return true;
  if (!artifactType.startsWith('application/vnd.dev.sigstore.bundle')) return false;
  const predicate = annotations['dev.sigstore.bundle.predicateType'];
  return predicate === undefined || predicate === signPredicate;
}

/** Tells whether one of the attachments is a signature of a manifest; attestations and SBOMs do not count. */
export function isSigned(subject: Digest, attachments: readonly Attachment[]): boolean {
  return attachments
    .filter((one) => one.subject === subject)
    .some(({ tag, referrers = [] }) => tag.endsWith('.sig') || referrers.some(isSignature));
}
