import { createBudget, createOnce, type Once } from '../base/index.ts';
import { ContentError, CopyError, RegistryError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  isAttestation,
  isIndexType,
  type Manifest,
  type Platform,
  successors,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { type BlobCopier, createBlobCopier } from './blob-copier.ts';
import type { Inventory } from './inventory.ts';
import type { ManifestReader } from './manifest-reader.ts';
import { atSide } from './sides.ts';
import { childrenOf, maxDepth, tooDeep } from './walk.ts';

/** One image to bring to one tag. */
export interface CopyTask {
  readonly from: Repository;
  readonly to: Repository;
  readonly tag: string;
  readonly digest: Digest;
  /** When not empty, only these children of an index are copied; the index itself stays unchanged. */
  readonly platforms?: readonly Platform[];
}

/** The result of a copy. */
export interface CopyReport {
  /** Bytes of blobs that this copy moved; 0 when all of them were there already. */
  readonly bytes: number;
  /** Attestations that the source lists and does not have; the index came without them. */
  readonly missing: readonly Digest[];
}

/** The facts that a copier works with. */
export interface CopierOptions {
  readonly inventory: Inventory;
  readonly manifests: ManifestReader;
  /** Blobs under way at once; large ones count more. */
  readonly parallel: number;
  /** Told of every piece of content that arrives from a source. */
  onBytes(count: number): void;
}

/** Copies images between repositories, each part of them once. */
export interface Copier {
  /**
   * Copies one image and sets its tag last.
   *
   * Order: blobs, manifests of children, the manifest itself under its tag. A tag whose manifest is there already costs one
   * PUT. When the registry refuses a manifest because it lacks a part that was thought to be there, everything is looked
   * for again, once. An attestation that the source does not have is left out; the index itself stays unchanged.
   * @throws CopyError naming the side; other images go on.
   */
  copy(task: CopyTask): Promise<CopyReport>;
}

/** Times that a copy is begun anew; once where the source itself lacks a part: no upload brings that. */
function doubtsFor({ cause }: CopyError): number {
  return cause instanceof RegistryError && cause.cause instanceof RegistryError ? 1 : 2;
}

/** Codes with which registries say that a part of a manifest is missing. */
const missingPart = new Set(['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'MANIFEST_UNKNOWN']);

function isMissingPart(thrown: unknown): thrown is CopyError {
  const cause = thrown instanceof CopyError && thrown.side === 'target' ? thrown.cause : undefined;
  return cause instanceof RegistryError && cause.specCodes.some((code) => missingPart.has(code));
}

/** The parts that all copies to one target share. */
interface Shared extends CopierOptions {
  readonly blobs: BlobCopier;
  /** Children of indexes, by repository and digest; gives the digest of one that the source does not have. */
  readonly children: Once<Digest | undefined>;
}

/** One copy under way. */
interface Work extends CopyTask {
  /** Indexes above what is brought. */
  readonly depth: number;
  /** Attestations that the source does not have, so far. */
  readonly missing: Set<Digest>;
}

async function readAny(
  { manifests }: Shared,
  from: Repository,
  digest: Digest,
): Promise<Manifest | undefined> {
  const reference = `${from.registry}/${from.name}@${digest}`;
  return await atSide({ side: 'source', operation: 'fetching', reference }, () =>
    manifests.read(from, digest),
  );
}

async function read(shared: Shared, from: Repository, digest: Digest): Promise<Manifest> {
  const manifest = await readAny(shared, from, digest);
  if (manifest) return manifest;
  const reference = `${from.registry}/${from.name}@${digest}`;
  const cause = new ContentError('MANIFEST_INVALID', 'the registry has no such manifest', {
    hint: 'It was removed at the source after it was named; ask its publisher, or leave the image out.',
  });
  throw new CopyError({ side: 'source', operation: 'fetching', reference, cause });
}

async function push(
  { inventory }: Shared,
  to: Repository,
  { manifest, tag }: { readonly manifest: Manifest; readonly tag?: string },
): Promise<void> {
  const { digest } = manifest.descriptor;
  const reference = `${to.registry}/${to.name}${tag === undefined ? `@${digest}` : `:${tag}`}`;
  await atSide({ side: 'target', operation: 'pushing', reference }, () =>
    to.manifests.push(manifest, tag),
  );
  inventory.addManifest(to.name, digest);
}

/** Brings everything that a manifest names; gives the bytes moved. */
async function bringParts(shared: Shared, work: Work, manifest: Manifest): Promise<number> {
  const { from, to } = work;
  const moved = await settle([
    ...successors(manifest).blobs.map((blob) => shared.blobs.ensure({ blob, from, to })),
    ...childrenOf(manifest, work.platforms).map((child) => bringChild(shared, work, child)),
  ]);
  return moved.reduce((sum, bytes) => sum + bytes, 0);
}

/** An index says nothing of its children: it may have come for other platforms. */
function isWhole({ inventory }: Shared, { to }: CopyTask, { digest, mediaType }: Descriptor) {
  return inventory.hasManifest(to.name, digest) && !isIndexType(mediaType);
}

async function bringChild(shared: Shared, work: Work, child: Descriptor): Promise<number> {
  const { to, from } = work;
  const { digest } = child;
  if (isWhole(shared, work, child)) return 0;
  const depth = work.depth + 1;
  if (depth > maxDepth) throw tooDeep(digest);
  let moved = 0;
  const missing = await shared.children.run(`${to.name} ${digest}`, async () => {
    const manifest = await (isAttestation(child) ? readAny : read)(shared, from, digest);
    if (!manifest) return digest;
    moved = await bringParts(shared, { ...work, depth }, manifest);
    await push(shared, to, { manifest });
    return undefined;
  });
  if (missing) work.missing.add(missing);
  return moved;
}

async function attempt(shared: Shared, task: CopyTask): Promise<CopyReport> {
  const { from, to, tag, digest } = task;
  const work: Work = { ...task, depth: 0, missing: new Set() };
  const manifest = await read(shared, from, digest);
  const isThere = isWhole(shared, task, manifest.descriptor);
  const bytes = isThere ? 0 : await bringParts(shared, work, manifest);
  const missing = [...work.missing];
  try {
    await push(shared, to, { manifest, tag });
  } catch (thrown) {
    throw isMissingPart(thrown) ? explainMissing(thrown, task, { manifest, missing }) : thrown;
  }
  return { bytes, missing };
}

/** The setting of Distribution 3 that lets it take an index of which it lacks a manifest. */
const takesPartially = 'Distribution 3: "validation.manifests.indexes.platforms: none"';

/** Gives the reason why an index comes without some of its manifests, and the remedy; `undefined` where it comes whole. */
function whyPartial(
  { from, platforms = [] }: CopyTask,
  { manifest, missing }: { readonly manifest: Manifest; readonly missing: readonly Digest[] },
) {
  const [first] = missing;
  if (first !== undefined) {
    const image = `${from.registry}/${from.name}@${first}`;
    return {
      why: `the source lacks the attestation ${image} of this index`,
      hint: `Let the target take an index that lacks a manifest (${takesPartially}), or mirror the image of one platform by its own digest.`,
    };
  }
  if (manifest.kind !== 'index' || platforms.length === 0) return undefined;
  const names = platforms.map(({ os, architecture }) => `${os}/${architecture}`).join(', ');
  return {
    why: `this index is mirrored for ${names} alone, and the target takes it only whole`,
    hint: `Manifest lists of some platforms need a target that takes them (${takesPartially}); else remove the platforms of this image.`,
  };
}

/** Says of an index that the target refuses why it lacks a part, where that is known. */
function explainMissing(
  thrown: CopyError,
  task: CopyTask,
  brought: { readonly manifest: Manifest; readonly missing: readonly Digest[] },
) {
  const { cause, ...facts } = thrown;
  const partial = whyPartial(task, brought);
  if (partial === undefined || !(cause instanceof RegistryError)) return thrown;
  const message = `${cause.message.replace(/\.$/, '')}; ${partial.why}`;
  const { hint } = partial;
  return new CopyError({
    ...facts,
    cause: new RegistryError(cause.code, message, { ...cause, hint, cause }),
  });
}

/** Creates a copier for one target. */
export function createCopier(options: CopierOptions): Copier {
  const { inventory, onBytes } = options;
  const budget = createBudget(Math.max(1, options.parallel));
  const blobs = createBlobCopier({ inventory, budget, onBytes });
  const shared: Shared = { ...options, blobs, children: createOnce() };
  /** Drops what was believed of a repository that lacks a part of a manifest. */
  function forget(name: string): void {
    inventory.forget(name);
    blobs.forget(name);
    shared.children.forget((key) => key.startsWith(`${name} `));
  }
  return {
    async copy(task) {
      for (let doubts = 0; ; doubts += 1) {
        try {
          return await attempt(shared, task);
        } catch (thrown) {
          if (!isMissingPart(thrown) || doubts === doubtsFor(thrown)) throw thrown;
          forget(task.to.name);
        }
      }
    },
  };
}

/** Waits for all, so that nothing goes on behind the back of a failure; then throws the first failure. */
async function settle<Result>(works: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(works);
  return await Promise.all(works);
}
