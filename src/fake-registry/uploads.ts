import { algorithmOf, digestOf, isDigest } from '../oci/index.ts';
import { digestHeader, type RepositoryCall } from './manifests.ts';
import { answer, type FakeResponse, refusal } from './message.ts';
import { ensureRepository, type PendingUpload, type StoredRepository } from './store.ts';

type UploadCall = RepositoryCall & {
  readonly query: URLSearchParams;
  readonly nextId: () => string;
};

/**
 * Answers `/v2/<name>/blobs/uploads/` and the sessions below it.
 *
 * The location of a session is relative and changes with every answer, as the specification allows.
 * @see distribution-spec v1.1, end-4 to end-6, end-11, end-13, end-14
 */
export function answerUpload(call: UploadCall): FakeResponse {
  const { store, request, name, reference } = call;
  if (reference === '') {
    return request.method === 'POST' ? startUpload(call) : refusal(405, { code: 'UNSUPPORTED' });
  }
  const repository = ensureRepository(store, name);
  const upload = repository.uploads.get(reference);
  if (!upload) return refusal(404, { code: 'BLOB_UPLOAD_UNKNOWN' });
  const { method } = request;
  if (method === 'GET') return progress(204, call, upload);
  if (method === 'PATCH') {
    return append(call, upload) ?? progress(call.settings.chunkStatus, call, upload);
  }
  if (method === 'PUT') return append(call, upload) ?? finish(call, upload, repository);
  if (method !== 'DELETE') return refusal(405, { code: 'UNSUPPORTED' });
  repository.uploads.delete(upload.id);
  return answer(204);
}

function startUpload(call: UploadCall): FakeResponse {
  const { store, settings, request, name, query } = call;
  const repository = ensureRepository(store, name);
  const mount = query.get('mount');
  if (mount && typeof settings.mounts === 'number') {
    return refusal(settings.mounts, { code: 'DENIED' });
  }
  const offered = store.get(query.get('from') ?? '')?.blobs.get(mount ?? '');
  if (mount && offered && settings.mounts === 'on') {
    repository.blobs.set(mount, offered);
    return created(call, mount);
  }
  const upload: PendingUpload = { id: call.nextId(), bytes: new Uint8Array() };
  repository.uploads.set(upload.id, upload);
  if (!query.has('digest')) return progress(202, call, upload);
  upload.bytes = request.body;
  return finish(call, upload, repository);
}

function progress(
  status: number,
  { name, settings }: UploadCall,
  upload: PendingUpload,
): FakeResponse {
  const length = settings.chunkMinLength;
  return answer(status, {
    location: `/v2/${name}/blobs/uploads/${upload.id}?state=${upload.bytes.byteLength}`,
    range: `0-${Math.max(upload.bytes.byteLength - 1, 0)}`,
    ...(length !== undefined && { 'oci-chunk-min-length': String(length) }),
  });
}

function append(
  { request, settings, query }: UploadCall,
  upload: PendingUpload,
): FakeResponse | undefined {
  const at = upload.bytes.byteLength;
  if (query.get('state') !== String(at)) return refusal(404, { code: 'BLOB_UPLOAD_INVALID' });
  const range = request.headers['content-range'];
  const end = at + request.body.byteLength - 1;
  if (range !== undefined && range !== `${at}-${end}`) {
    return answer(416, { range: `0-${Math.max(at - 1, 0)}` });
  }
  const shortest = settings.chunkMinLength ?? 0;
  if (request.method === 'PATCH' && upload.bytes.byteLength % Math.max(shortest, 1) !== 0) {
    return refusal(416, { code: 'SIZE_INVALID', message: 'a chunk before this one was too short' });
  }
  upload.bytes = at === 0 ? request.body : Buffer.concat([upload.bytes, request.body]);
  return undefined;
}

function finish(
  call: UploadCall,
  upload: PendingUpload,
  repository: StoredRepository,
): FakeResponse {
  const digest = call.query.get('digest') ?? '';
  if (!isDigest(digest)) return refusal(400, { code: 'DIGEST_INVALID' });
  repository.uploads.delete(upload.id);
  if (digestOf(upload.bytes, algorithmOf(digest)) !== digest) {
    return refusal(400, { code: 'DIGEST_INVALID', message: 'content does not match digest' });
  }
  repository.blobs.set(digest, upload.bytes);
  return created(call, digest);
}

function created({ name, settings }: UploadCall, digest: string): FakeResponse {
  return answer(201, {
    location: `/v2/${name}/blobs/${digest}`,
    ...digestHeader(settings, digest),
  });
}
