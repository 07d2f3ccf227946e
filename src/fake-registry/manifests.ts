import { ContentError, messageOf } from '../errors.ts';
import {
  algorithmOf,
  digestOf,
  isDigest,
  type Manifest,
  parseManifest,
  tagPattern,
} from '../oci/index.ts';
import { answer, type FakeRequest, type FakeResponse, refusal } from './message.ts';
import type { FakeSettings } from './settings.ts';
import {
  digestFor,
  missingContent,
  openRepository,
  removeManifest,
  type Store,
  type StoredRepository,
} from './store.ts';

/** A request for something inside one repository. */
export interface RepositoryCall {
  readonly store: Store;
  readonly settings: FakeSettings;
  readonly request: FakeRequest;
  readonly name: string;
  /** What comes last in the path. */
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

/** Gives the header that names a digest, where the registry gives it. */
export function digestHeader(settings: FakeSettings, digest: string): Record<string, string> {
  return settings.digestHeader === 'given' ? { 'docker-content-digest': digest } : {};
}

function putManifest(call: RepositoryCall): FakeResponse {
  const { store, settings, request, name, reference } = call;
  if (!isDigest(reference) && !tagPattern.test(reference))
    return refusal(400, { code: 'TAG_INVALID' });
  const manifest = readPushed(request, reference);
  if ('status' in manifest) return manifest;
  const repository = openRepository(store, name);
  const refused = refuseIncomplete(repository, settings, manifest);
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

function deleteManifest({ store, settings, name, reference }: RepositoryCall): FakeResponse {
  const repository = store.get(name);
  const isByDigest = isDigest(reference);
  const allowed = isByDigest ? settings.digestDelete : settings.tagDelete;
  if (allowed === 'off') return refusal(405, { code: 'UNSUPPORTED' });
  if (allowed === 'unsupported') return refusal(400, { code: 'DIGEST_INVALID' });
  if (!repository) return refusal(404, { code: 'NAME_UNKNOWN' });
  const gone =
    isByDigest || allowed === 'greedy'
      ? removeManifest(repository, digestFor(repository, reference))
      : repository.tags.delete(reference);
  return gone ? answer(202) : unknownManifest;
}
