import { createOnce } from '../../base/index.ts';
import type { ByteCache } from '../../content/index.ts';
import type { Logger } from '../../log.ts';
import { type Digest, hexOf } from '../../oci/index.ts';
import type { Registries } from '../../registry/index.ts';
import {
  architectureOfTag,
  findSignature,
  type Keyring,
  keysOfConfigMap,
  namedKeys,
  okdFingerprints,
  type Payload,
  pinnedFingerprints,
  readPayload,
  releaseTag,
  type VerifiedSignature,
  type Workspace,
} from '../../release/index.ts';
import type { Source } from '../placement.ts';

/** The means to collect releases. */
export interface ReleaseCollectorOptions {
  readonly registries: Pick<Registries, 'get' | 'repository'>;
  readonly cache: ByteCache;
  readonly workspace: Workspace;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Gives a fresh UUID for each question to the update service. */
  readonly newId: () => string;
  readonly verifySignatures: 'releases' | 'off';
  /** Armored keys, or the path of a file with them. */
  readonly signatureKeys?: string | undefined;
  /**
   * The tag of a release that is not verified: its version and architecture, or its bare digest. `digest` is oc-mirror's
   * `--ignore-release-signature`: only `platform.release` goes unverified then, releases of channels never do.
   * Absent: `version`.
   */
  readonly unverifiedTag?: 'version' | 'digest';
  /** `archive`: no network is used, so graphs of an earlier run count. */
  readonly sources?: 'archive' | undefined;
}

/** A release that was chosen: where its payload lies, and what the choice knows of it. */
export interface ReleaseCandidate {
  readonly source: Source & { readonly digest: Digest };
  readonly version?: string;
  readonly architecture?: string;
  /** OKD's releases have signatures and keys of their own; absent: OCP. */
  readonly type?: 'ocp' | 'okd';
}

/** A release that was read, and verified unless that is off. */
export interface ReadRelease {
  /** The place from which it is pulled, by digest; the tag is the signed one. */
  readonly source: Source & { readonly digest: Digest };
  /** How oc-mirror names it: by tag, or by digest when the tag is its digest. */
  readonly origin: string;
  /** The beginning of its tags in the target: `4.16.5-x86_64`. */
  readonly tag: string;
  readonly version: string;
  readonly architecture: string;
  readonly payload: Payload;
  readonly signature?: VerifiedSignature;
}

/** Reads and verifies one release. */
export type ReleaseReader = (candidate: ReleaseCandidate) => Promise<ReadRelease>;

function named(source: Source): string {
  return `${source.registry}/${source.repository}`;
}

function architectureOf(candidate: ReleaseCandidate, payload: Payload, tag: string): string {
  return candidate.architecture ?? architectureOfTag(tag) ?? (payload.isIndex ? 'multi' : 'amd64');
}

/** Saves the files that oc-mirror's own delete looks for in a workspace. */
async function saveManifests(release: ReadRelease, workspace: Workspace): Promise<void> {
  const name = release.origin.slice(release.origin.lastIndexOf('/') + 1).replaceAll(':', '/');
  for (const [path, bytes] of release.payload.files) {
    const file = `hold-release/${name}/${path}`;
    if (!(await workspace.read(file))) await workspace.write(file, bytes);
  }
}

/** The keys that the user named, looked up once. */
type NamedKeys = () => Promise<string | undefined>;

/** Opens the keys that the user named. */
export function openNamedKeys(
  options: Pick<ReleaseCollectorOptions, 'signatureKeys' | 'env' | 'log'>,
): NamedKeys {
  const { signatureKeys, env } = options;
  let named: Promise<string | undefined> | undefined;
  return () => {
    named ??= namedKeys({ signatureKeys, env, warn: warner(options) });
    return named;
  };
}

/** Gives a function that logs warnings. */
export function warner({ log }: Pick<ReleaseCollectorOptions, 'log'>): (message: string) => void {
  return (message) => log.log('warn', message);
}

function payloadAt(
  source: ReleaseCandidate['source'],
  { registries, cache }: KeyringOptions,
): Promise<Payload> {
  const repository = registries.repository(source.registry, source.repository);
  return readPayload(source.digest, { repository, cache });
}

/** The means to look up the keys of a release. */
type KeyringOptions = Pick<ReleaseCollectorOptions, 'registries' | 'cache'>;

/** Gives the keys that may sign a release: those that the user named, else the payload's own that are pinned for its type. */
export async function keyringFor(
  { source, type }: Pick<ReleaseCandidate, 'source' | 'type'>,
  options: KeyringOptions,
  keys: NamedKeys,
): Promise<Keyring> {
  const chosen = await keys();
  if (chosen !== undefined) return { armored: [chosen] };
  const { keyFiles } = await payloadAt(source, options);
  const fingerprints = type === 'okd' ? okdFingerprints : pinnedFingerprints;
  return { armored: keyFiles.flatMap(keysOfConfigMap), fingerprints };
}

function describe(
  candidate: ReleaseCandidate,
  found: Pick<ReadRelease, 'source' | 'tag' | 'payload' | 'signature'>,
): ReadRelease {
  const { source, tag, payload } = found;
  // A payload that a user built may lack a version; then it is known by its tag.
  const version = candidate.version ?? (payload.version || tag);
  const byDigest = tag === hexOf(source.digest);
  const origin = byDigest ? `${named(source)}@${source.digest}` : `${named(source)}:${tag}`;
  return { ...found, origin, version, architecture: architectureOf(candidate, payload, tag) };
}

async function readVerified(
  candidate: ReleaseCandidate,
  options: ReleaseCollectorOptions,
  keys: NamedKeys,
): Promise<ReadRelease> {
  const { digest } = candidate.source;
  const image = `${named(candidate.source)}@${digest}`;
  const ring = await keyringFor(candidate, options, keys);
  const { workspace, env, registries } = options;
  const { type } = candidate;
  const place = { get: registries.get, workspace, env, type, warn: warner(options) };
  const signature = await findSignature({ digest, image }, ring, place);
  const { registry, repository, tag } = signature.reference;
  const source = { registry, repository, tag, digest };
  const payload = await payloadAt(source, options);
  return describe(candidate, { source, tag, payload, signature });
}

async function readUnverified(
  candidate: ReleaseCandidate,
  options: ReleaseCollectorOptions,
): Promise<ReadRelease> {
  const payload = await payloadAt(candidate.source, options);
  const { source } = candidate;
  const version = candidate.version ?? payload.version;
  const architecture = architectureOf(candidate, payload, source.tag ?? '');
  const tag =
    options.unverifiedTag === 'digest'
      ? hexOf(source.digest)
      : (source.tag ?? (version === '' ? hexOf(source.digest) : releaseTag(version, architecture)));
  return describe(candidate, { source: { ...source, tag }, tag, payload });
}

function mustVerify({ version }: ReleaseCandidate, options: ReleaseCollectorOptions): boolean {
  if (options.verifySignatures === 'releases') return true;
  return options.unverifiedTag === 'digest' && version !== undefined;
}

/**
 * Opens a reader of releases that reads and verifies each of them once, however often it is asked.
 *
 * A verified release is pulled from the reference that was signed, by the digest that was asked for. Keys that the user
 * names decide alone; without any, the payload's own keys count where their fingerprint is pinned.
 */
export function openReleaseReader(options: ReleaseCollectorOptions): ReleaseReader {
  const known = createOnce<ReadRelease>();
  const keys = openNamedKeys(options);
  const read = async (candidate: ReleaseCandidate): Promise<ReadRelease> => {
    const release = mustVerify(candidate, options)
      ? await readVerified(candidate, options, keys)
      : await readUnverified(candidate, options);
    await saveManifests(release, options.workspace);
    options.log.event?.({ kind: 'release-collected', origin: release.origin });
    return release;
  };
  return (candidate) => known.run(JSON.stringify(candidate), () => read(candidate));
}
