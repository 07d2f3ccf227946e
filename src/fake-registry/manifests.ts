import { ContentError, messageOf } from '../errors.ts';
import {
  algorithmOf,
  digestOf,
  isDigest,
  type Manifest,
  mediaTypes,
  parseManifest,
  successors,
  tagPattern,
} from '../oci/index.ts';
import { answer, type FakeRequest, type FakeResponse, refusal } from './message.ts';
import type { FakeSettings } from './settings.ts';
import {
  digestFor,
  ensureRepository,
  missingContent,
  removeManifest,
  type Store,
  type StoredRepository,
  storedManifest,
} from './store.ts';

/** A request within one repository. */
export interface RepositoryCall {
  readonly store: Store;
  readonly settings: FakeSettings;
  readonly request: FakeRequest;
  readonly name: string;
  /** The last part of the path. */
  readonly reference: string;
}

const unknownManifest = refusal(404, { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' });

/** Answers `/v2/<name>/manifests/<reference>`. @see distribution-spec v1.1, end-3, end-7, end-9 */
export function answerManifest(call: RepositoryCall): FakeResponse {
  const { method } = call.request;
  if (method === 'PUT') return putManifest(call);
  if (method === 'DELETE') return deleteManifest(call);
  if (method === 'GET' || method === 'HEAD') return getManifest(call);
  return refusal(405, { code: 'UNSUPPORTED' });
}

function getManifest({ store, settings, request, name, reference }: RepositoryCall): FakeResponse {
  const repository = store.get(name);
  if (!repository) return refusal(404, { code: 'NAME_UNKNOWN' });
  const digest = digestFor(repository, reference);
  const stored = repository.manifests.get(digest);
  if (!stored) return unknownManifest;
  if (!(request.headers['accept'] ?? '').includes(stored.mediaType)) {
    return refusal(404, { code: 'MANIFEST_UNKNOWN', message: `accept ${stored.mediaType}` });
  }
  return answer(
    200,
    { 'content-type': stored.mediaType, ...digestHeader(settings, digest) },
    stored.bytes,
  );
}

/** Gives the header with a digest, if the settings allow it. */
export function digestHeader(settings: FakeSettings, digest: string): Record<string, string> {
  return settings.digestHeader === 'given' ? { 'docker-content-digest': digest } : {};
}

function putManifest(call: RepositoryCall): FakeResponse {
  const { store, settings, request, name, reference } = call;
  if (!isDigest(reference) && !tagPattern.test(reference))
    return refusal(400, { code: 'TAG_INVALID' });
  const manifest = readPushed(request, reference);
  if ('status' in manifest) return manifest;
  const repository = ensureRepository(store, name);
  const refused =
    refuseIncomplete(repository, settings, manifest) ??
    refuseArtifact(settings, manifest) ??
    refuseMove(settings, repository.tags.get(reference), manifest.descriptor.digest);
  if (refused) return refused;
  const { digest, mediaType } = manifest.descriptor;
  repository.manifests.set(digest, { mediaType, bytes: manifest.raw });
  if (!isDigest(reference)) repository.tags.set(reference, digest);
  const location = `/v2/${name}/manifests/${digest}`;
  const subject = settings.referrers === 'on' ? manifest.subject?.digest : undefined;
  return answer(201, {
    location,
    ...digestHeader(settings, digest),
    ...(subject && { 'oci-subject': subject }),
  });
}

function readPushed(request: FakeRequest, reference: string): Manifest | FakeResponse {
  const type = request.headers['content-type'];
  try {
    const algorithm = isDigest(reference) ? algorithmOf(reference) : 'sha256';
    const manifest = parseManifest(request.body, type, algorithm);
    if (manifest.descriptor.mediaType !== type) {
      return refusal(400, { code: 'MANIFEST_INVALID', message: `Content-Type is ${type}` });
    }
    if (isDigest(reference) && digestOf(request.body, algorithm) !== reference) {
      return refusal(400, { code: 'DIGEST_INVALID' });
    }
    return manifest;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return refusal(400, { code: 'MANIFEST_INVALID', message: messageOf(error) });
  }
}

function refuseIncomplete(
  repository: StoredRepository,
  settings: FakeSettings,
  manifest: Manifest,
): FakeResponse | undefined {
  if (manifest.kind === 'index' && settings.sparseIndexes === 'accepted') return undefined;
  const missing = missingContent(repository, manifest);
  if (missing.length === 0) return undefined;
  const code = 'MANIFEST_BLOB_UNKNOWN';
  return refusal(404, ...missing.map((digest) => ({ code, detail: { digest } })));
}

const imageConfigs: readonly string[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.cncf.helm.config.v1+json',
];
const imageLayers = [
  /^application\/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+(gzip|zstd))?$/,
  /^application\/vnd\.dev\.cosign\.simplesigning\.v1\+json$/,
  /^application\/vnd\.in-toto\+json$/,
];

/** Quay checks the media types of OCI manifests against its configuration, but not those of Docker. */
function refuseArtifact(settings: FakeSettings, manifest: Manifest): FakeResponse | undefined {
  if (settings.artifacts === 'any' || manifest.kind !== 'image') return undefined;
  if (manifest.descriptor.mediaType !== mediaTypes.ociManifest) return undefined;
  const { config, layers } = manifest;
  const isKnown =
    imageConfigs.includes(config.mediaType) &&
    layers.every(({ mediaType }) => imageLayers.some((type) => type.test(mediaType)));
  if (isKnown) return undefined;
  const message = `'${config.mediaType}' is not one of the allowed types`;
  return refusal(400, { code: 'MANIFEST_INVALID', message });
}

function refuseMove(
  { immutableTags }: FakeSettings,
  named: string | undefined,
  digest: string,
): FakeResponse | undefined {
  if (immutableTags === undefined || named === undefined || named === digest) return undefined;
  return refusal(immutableTags, { code: 'TAG_IMMUTABLE', message: 'the tag is immutable' });
}

/** The answers of a registry that does not delete. */
const deleteRefusals: Readonly<Record<string, FakeResponse>> = {
  off: refusal(405, { code: 'UNSUPPORTED' }),
  unsupported: refusal(400, { code: 'DIGEST_INVALID' }),
  unacceptable: answer(406),
  unknown: unknownManifest,
};

/** Refuses to delete a manifest that an immutable tag or an index needs. */
function refuseLoss(
  repository: StoredRepository,
  { childDelete, immutableTags }: FakeSettings,
  reference: string,
): FakeResponse | undefined {
  const digest = digestFor(repository, reference);
  const isTagged = [...repository.tags.values()].includes(digest);
  if (immutableTags !== undefined && isTagged) {
    return refusal(immutableTags, { code: 'TAG_IMMUTABLE', message: 'the tag is immutable' });
  }
  if (childDelete === 'on' || !isDigest(reference)) return undefined;
  const isChild = [...repository.manifests.keys()].some((one) => {
    const above = storedManifest(repository, one);
    return above && successors(above).children.some((child) => child.digest === digest);
  });
  return isChild
    ? refusal(412, { code: 'PRECONDITION', message: 'referenced by an index' })
    : undefined;
}

function deleteManifest({ store, settings, name, reference }: RepositoryCall): FakeResponse {
  const repository = store.get(name);
  const isByDigest = isDigest(reference);
  const allowed = isByDigest ? settings.digestDelete : settings.tagDelete;
  const refused = deleteRefusals[allowed];
  if (refused) return refused;
  if (!repository) return refusal(404, { code: 'NAME_UNKNOWN' });
  const held = refuseLoss(repository, settings, reference);
  if (held) return held;
  const gone =
    isByDigest || allowed === 'greedy'
      ? removeManifest(repository, digestFor(repository, reference))
      : repository.tags.delete(reference);
  return gone ? answer(202) : unknownManifest;
}
