import { digestHeader, type RepositoryCall } from './manifests.ts';
import { answer, type FakeResponse, refusal } from './message.ts';

/** Marks the address of a blob at the storage. */
const storageQuery = 'X-Amz-Signature=1';

const isStorage = ({ url }: RepositoryCall['request']) => url.endsWith(`?${storageQuery}`);

/** Answers `/v2/<name>/blobs/<digest>`. @see distribution-spec v1.1, end-2 */
export function answerBlob({
  store,
  settings,
  request,
  name,
  reference,
}: RepositoryCall): FakeResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, { code: 'UNSUPPORTED' });
  }
  const bytes = store.get(name)?.blobs.get(reference);
  if (!bytes) return refusal(404, { code: 'BLOB_UNKNOWN' });
  if (settings.blobRedirects === 'on' && !isStorage(request)) {
    return answer(307, { location: `${request.url}?${storageQuery}` });
  }
  if (isStorage(request) && request.method === 'HEAD') return answer(403);
  const headers = {
    'content-type': 'application/octet-stream',
    ...digestHeader(settings, reference),
  };
  const range = settings.ranges === 'honoured' ? request.headers['range'] : undefined;
  if (!range) return answer(200, headers, bytes);
  const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
  if (!(start < bytes.byteLength)) {
    return answer(416, { 'content-range': `bytes */${bytes.byteLength}` });
  }
  const place = `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}`;
  return answer(206, { ...headers, 'content-range': place }, bytes.subarray(start));
}
