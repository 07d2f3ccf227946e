import { repositoryPattern } from '../oci/index.ts';
import { createAccess, type TokenScope } from './access.ts';
import { type AccessLog, createAccessLog } from './access-log.ts';
import { createFaults, type Faults } from './faults.ts';
import { answerReferrers, answerTags } from './lists.ts';
import { answerManifest, digestHeader, type RepositoryCall } from './manifests.ts';
import { answer, type FakeRequest, type FakeResponse, jsonAnswer, refusal } from './message.ts';
import { type FakeSettings, strictSettings } from './settings.ts';
import { createStore, type Store } from './store.ts';
import { answerUpload } from './uploads.ts';

/** Marks the address of a blob at the storage. */
const storageQuery = 'X-Amz-Signature=1';

const isStorage = ({ url }: RepositoryCall['request']) => url.endsWith(`?${storageQuery}`);

/** Answers `/v2/<name>/blobs/<digest>`. @see distribution-spec v1.1, end-2 */
function answerBlob({ store, settings, request, name, reference }: RepositoryCall): FakeResponse {
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

/** A registry in memory. */
export interface FakeRegistry {
  readonly store: Store;
  /** May be changed while the registry runs. */
  readonly settings: FakeSettings;
  readonly faults: Faults;
  readonly log: AccessLog;
  /** Answers one request. */
  handle(request: FakeRequest): FakeResponse;
}

type Kind = 'manifests' | 'blobs' | 'blobs/uploads' | 'tags' | 'referrers';

interface Route {
  readonly kind: Kind;
  readonly name: string;
  readonly reference: string;
}

const routePattern =
  /^\/v2\/(?<name>.+?)\/(?<kind>manifests|blobs\/uploads|blobs|tags|referrers)\/(?<reference>[^/]*)$/;

function routeOf(path: string): Route | undefined {
  const groups = routePattern.exec(path)?.groups;
  if (!groups) return undefined;
  return {
    kind: groups['kind'] as Kind,
    name: groups['name'] ?? '',
    reference: groups['reference'] ?? '',
  };
}

function scopesOf(method: string, { name }: Route, query: URLSearchParams): readonly TokenScope[] {
  const actions: Readonly<Record<string, string>> = { GET: 'pull', HEAD: 'pull', DELETE: 'delete' };
  const from = query.get('from');
  return [
    { name, action: actions[method] ?? 'push' },
    ...(from ? [{ name: from, action: 'pull' }] : []),
  ];
}

/** Gives the refusal that does not depend on the user; `undefined` if there is none. */
function refuseRequest(
  { method, body }: FakeRequest,
  name: string,
  { settings, store }: { readonly settings: FakeSettings; readonly store: Store },
): FakeResponse | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && settings.unknownRepository === 'denied' && !store.has(name)) {
    return refusal(403, { code: 'DENIED' });
  }
  if (!repositoryPattern.test(name)) return refusal(400, { code: 'NAME_INVALID' });
  const isTooLong = body.byteLength > (settings.maxBodyBytes ?? Number.POSITIVE_INFINITY);
  return isTooLong ? answer(413, { 'content-type': 'text/html' }) : undefined;
}

function dispatch(call: RepositoryCall, kind: Kind, extra: UploadExtra): FakeResponse {
  switch (kind) {
    case 'manifests':
      return answerManifest(call);
    case 'blobs':
      return answerBlob(call);
    case 'blobs/uploads':
      return answerUpload({ ...call, ...extra });
    case 'tags':
      return answerTags(call, extra.query);
    case 'referrers':
      return answerReferrers(call, extra.query);
  }
}

interface UploadExtra {
  readonly query: URLSearchParams;
  readonly nextId: () => string;
}

function authorizationKind(header: string | undefined): 'none' | 'basic' | 'bearer' {
  if (!header) return 'none';
  return /^basic /i.test(header) ? 'basic' : 'bearer';
}

/**
 * Makes a registry in memory; `settings` relax its strictness.
 *
 * Effects: logs every answer, those of faults too.
 */
export function createFakeRegistry(settings: Partial<FakeSettings> = {}): FakeRegistry {
  const all: FakeSettings = { ...strictSettings, ...settings };
  const store = createStore();
  const faults = createFaults();
  const log = createAccessLog();
  const access = createAccess(all, store);
  let uploads = 0;
  const nextId = () => `upload-${++uploads}`;

  function respond(request: FakeRequest): FakeResponse {
    const url = new URL(request.url, 'http://registry');
    const path = decodeURIComponent(url.pathname);
    if (path === '/token') return access.answerToken(request);
    if (path === '/v2/') return access.refuse(request, []) ?? jsonAnswer(200, {});
    const route = routeOf(path);
    if (!route) return answer(404);
    const refused =
      access.refuse(request, scopesOf(request.method, route, url.searchParams)) ??
      refuseRequest(request, route.name, { settings: all, store });
    if (refused) return refused;
    const call = { store, settings: all, request, name: route.name, reference: route.reference };
    return dispatch(call, route.kind, { query: url.searchParams, nextId });
  }

  return {
    store,
    settings: all,
    faults,
    log,
    handle(request) {
      const given = faults.apply(request, respond);
      const [path = '', query = ''] = request.url.split('?', 2);
      log.add({
        method: request.method,
        path,
        query,
        status: given.delivery?.reset ? 0 : given.status,
        authorization: authorizationKind(request.headers['authorization']),
      });
      return given;
    },
  };
}
