export const id = 97;
export const ids = [97];
export const modules = {

/***/ 4097:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runDemo: () => (/* reexport */ runDemo)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/run/index.js + 24 modules
var run = __webpack_require__(2714);
// EXTERNAL MODULE: ./build/views/index.js + 1 modules
var views = __webpack_require__(7182);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./build/oci/index.js + 5 modules
var oci = __webpack_require__(7402);
;// CONCATENATED MODULE: ./build/fake-registry/message.js
const nothing = new Uint8Array();
function answer(status, headers = {}, body = nothing) {
    return { status, headers, body };
}
function jsonAnswer(status, value, headers = {}) {
    const body = new TextEncoder().encode(JSON.stringify(value));
    return answer(status, { 'content-type': 'application/json', ...headers }, body);
}
function refusal(status, ...errors) {
    return jsonAnswer(status, { errors });
}

;// CONCATENATED MODULE: ./build/fake-registry/store.js

function createStore() {
    return new Map();
}
function ensureRepository(store, name) {
    const known = store.get(name);
    if (known)
        return known;
    const created = {
        blobs: new Map(),
        manifests: new Map(),
        tags: new Map(),
        uploads: new Map(),
    };
    store.set(name, created);
    return created;
}
function digestFor(repository, reference) {
    return reference.includes(':') ? reference : (repository.tags.get(reference) ?? '');
}
function storedManifest(repository, reference) {
    const stored = repository.manifests.get(digestFor(repository, reference));
    return stored && (0,oci/* parseManifest */.Ng)(stored.bytes, stored.mediaType);
}
function removeManifest(repository, digest) {
    for (const [tag, named] of repository.tags) {
        if (named === digest)
            repository.tags.delete(tag);
    }
    return repository.manifests.delete(digest);
}
function missingContent(repository, manifest) {
    const { blobs, children } = (0,oci/* successors */.ir)(manifest);
    return [
        ...blobs.filter(({ digest }) => !repository.blobs.has(digest)),
        ...children.filter(({ digest }) => !repository.manifests.has(digest)),
    ].map(({ digest }) => digest);
}

;// CONCATENATED MODULE: ./build/fake-registry/access.js


function basicUser(header, users) {
    const encoded = /^Basic (.+)$/.exec(header ?? '')?.[1];
    if (encoded === undefined)
        return undefined;
    const [name = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
    const user = users[name];
    return user?.password === password.join(':') ? user : 'wrong';
}
function isAllowed(allowed, action) {
    return allowed.includes(action) || allowed.includes('*');
}
function readQuery(request, auth) {
    const user = basicUser(request.headers['authorization'], auth.users);
    if (user === 'wrong')
        return undefined;
    const { searchParams } = new URL(request.url, 'http://token');
    const allowed = user ? (user.actions ?? ['*']) : (auth.anonymous ?? []);
    return { scopes: searchParams.getAll('scope'), allowed };
}
function readForm(request, auth) {
    const form = new URLSearchParams(Buffer.from(request.body).toString());
    const name = auth.identityTokens?.[form.get('refresh_token') ?? ''] ?? '';
    const user = form.get('grant_type') === 'refresh_token' ? auth.users[name] : undefined;
    return user && { scopes: (form.get('scope') ?? '').split(' '), allowed: user.actions ?? ['*'] };
}
function requestsOf(scopes) {
    return scopes.flatMap((scope) => {
        const [, name, actions = ''] = /^repository:([^:]+):(.*)$/.exec(scope) ?? [];
        if (name === undefined)
            return [];
        return actions.split(',').map((action) => [name, action]);
    });
}
function createTokens(settings, store) {
    const createPushed = (requests) => {
        if (!/^(ungranted|token-refused)$/.test(settings.unknownRepository))
            return;
        for (const [name, action] of requests) {
            if (action === 'push' || action === '*')
                ensureRepository(store, name);
        }
    };
    const issued = new Map();
    return {
        answer(request, auth) {
            const asked = (request.method === 'POST' ? readForm : readQuery)(request, auth);
            if (!asked)
                return refusal(401, { code: 'UNAUTHORIZED' });
            const requests = requestsOf(asked.scopes);
            if (requests.some(([, action]) => action === auth.unknownAction)) {
                return answer(400, {}, new TextEncoder().encode('invalid scope'));
            }
            createPushed(requests);
            const { unknownRepository } = settings;
            if (unknownRepository === 'token-refused' && requests.some(([name]) => !store.has(name))) {
                return refusal(403, { code: 'DENIED' });
            }
            const granted = requests.flatMap(([name, action]) => {
                if (unknownRepository === 'ungranted' && !store.has(name))
                    return [];
                if (action === '*')
                    return asked.allowed.map((one) => `${name}:${one}`);
                return isAllowed(asked.allowed, action) ? [`${name}:${action}`] : [];
            });
            const { lifetime = 60 } = auth;
            const token = `token-${issued.size + 1}`;
            issued.set(token, { grants: new Set(granted), ends: settings.now() + lifetime * 1_000 });
            return jsonAnswer(200, { token, expires_in: lifetime });
        },
        grantsOf(token) {
            const known = issued.get(token);
            return known && known.ends > settings.now() ? known.grants : undefined;
        },
    };
}
function challenge(code, header) {
    const refused = refusal(401, { code });
    return { ...refused, headers: { ...refused.headers, 'www-authenticate': header } };
}
function refuseBasic(request, users, needs) {
    const user = basicUser(request.headers['authorization'], users);
    if (user === undefined || user === 'wrong') {
        return challenge('UNAUTHORIZED', 'Basic realm="fake registry"');
    }
    const isRefused = needs.some(({ action }) => !isAllowed(user.actions ?? ['*'], action));
    return isRefused ? refusal(403, { code: 'DENIED' }) : undefined;
}
function bearerChallenge(request, auth, needs) {
    const realm = auth.realm ?? `http://${request.headers['host']}/token`;
    const scope = needs.map(({ name, action }) => `repository:${name}:${action}`).join(' ');
    const suffix = scope ? `,scope="${scope}"` : '';
    return challenge('UNAUTHORIZED', `Bearer realm="${realm}",service="fake"${suffix}`);
}
function createAccess(settings, store) {
    const tokens = createTokens(settings, store);
    return {
        refuse(request, needs) {
            const { auth } = settings;
            if (auth.kind === 'none')
                return undefined;
            if (auth.kind === 'basic')
                return refuseBasic(request, auth.users, needs);
            const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
            const grants = tokens.grantsOf(token ?? '');
            const isMissing = ({ name, action }) => !grants?.has(`${name}:${action}`) && !grants?.has(`${name}:*`);
            if (grants && !needs.some(isMissing))
                return undefined;
            return bearerChallenge(request, auth, needs);
        },
        answerToken(request) {
            return settings.auth.kind === 'bearer' ? tokens.answer(request, settings.auth) : answer(404);
        },
    };
}

;// CONCATENATED MODULE: ./build/fake-registry/access-log.js
function createAccessLog() {
    const entries = [];
    const listeners = [];
    return {
        entries,
        add(entry) {
            entries.push(entry);
            for (const listener of listeners)
                listener(entry);
        },
        watch: (listener) => void listeners.push(listener),
        writes: () => entries.filter(({ method, path }) => !/^(GET|HEAD)$/.test(method) && path !== '/token'),
        clear: () => void entries.splice(0),
    };
}

;// CONCATENATED MODULE: ./build/fake-registry/faults.js
function matches({ method, path }, request) {
    return (!method || method === request.method) && (!path || path.test(request.url));
}
function isDue(waiting) {
    waiting.seen += 1;
    const { every = 1, after = 0 } = waiting.fault;
    if (waiting.left <= 0 || waiting.seen <= after || waiting.seen % every !== 0)
        return false;
    waiting.left -= 1;
    return true;
}
function corrupted(body) {
    const copy = Uint8Array.from(body);
    copy[0] = (copy[0] ?? 0) ^ 0xff;
    return copy;
}
function spoil(fault, handled) {
    const { delayMs, cutAfter, stall, reset } = fault;
    return {
        ...handled,
        body: fault.corrupt ? corrupted(handled.body) : handled.body,
        delivery: {
            ...(delayMs !== undefined && { delayMs }),
            ...(cutAfter !== undefined && { cutAfter }),
            ...(stall !== undefined && { stall }),
            ...(reset !== undefined && { reset }),
        },
    };
}
function createFaults() {
    const waiting = [];
    return {
        add(...faults) {
            waiting.push(...faults.map((fault) => ({ fault, seen: 0, left: fault.times ?? 1 })));
        },
        clear: () => void waiting.splice(0),
        apply(request, handle) {
            const due = waiting.find((one) => matches(one.fault, request) && isDue(one))?.fault;
            if (!due)
                return handle(request);
            if (due.status === undefined)
                return spoil(due, handle(request));
            const body = new TextEncoder().encode(due.body ?? '');
            return spoil(due, { status: due.status, headers: due.headers ?? {}, body });
        },
    };
}

;// CONCATENATED MODULE: ./build/fake-registry/lists.js



function answerTags(call, query) {
    const { store, settings, request, name } = call;
    if (request.method !== 'GET')
        return refusal(405, { code: 'UNSUPPORTED' });
    const repository = store.get(name);
    if (!repository)
        return refusal(404, { code: 'NAME_UNKNOWN' });
    const last = query.get('last') ?? '';
    const rest = [...repository.tags.keys()].sort().filter((tag) => tag > last);
    const length = Math.min(settings.pageSize, Number(query.get('n') ?? settings.pageSize));
    const page = rest.slice(0, length);
    const hidden = new Set(settings.hidesTags(page));
    const next = `</v2/${name}/tags/list?n=${length}&last=${page.at(-1) ?? ''}>; rel="next"`;
    const hasNext = rest.length > page.length && settings.pageLinks === 'given';
    const tags = page.filter((tag) => !hidden.has(tag));
    return jsonAnswer(200, { name, tags }, hasNext ? { link: next } : {});
}
function referrersOf(repository, subject) {
    return [...repository.manifests.keys()].flatMap((digest) => {
        const manifest = storedManifest(repository, digest);
        if (manifest?.subject?.digest !== subject)
            return [];
        const config = manifest.kind === 'image' ? manifest.config.mediaType : undefined;
        const artifactType = manifest.artifactType ?? config;
        const { annotations } = manifest;
        return [
            {
                ...manifest.descriptor,
                ...(artifactType && { artifactType }),
                ...(annotations && { annotations }),
            },
        ];
    });
}
function answerReferrers(call, query) {
    const { store, settings, name, reference } = call;
    if (settings.referrers === 'off')
        return refusal(404, { code: 'UNSUPPORTED' });
    if (!(0,oci/* isDigest */.Bc)(reference))
        return refusal(400, { code: 'DIGEST_INVALID' });
    const repository = store.get(name);
    const all = repository ? referrersOf(repository, reference) : [];
    const start = Number(query.get('start') ?? 0);
    const end = start + settings.pageSize;
    const index = {
        schemaVersion: 2,
        mediaType: oci/* mediaTypes */.Ib.ociIndex,
        manifests: all.slice(start, end),
    };
    const next = `</v2/${name}/referrers/${reference}?start=${end}>; rel="next"`;
    return jsonAnswer(200, index, {
        'content-type': oci/* mediaTypes */.Ib.ociIndex,
        ...(end < all.length && { link: next }),
    });
}

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
;// CONCATENATED MODULE: ./build/fake-registry/manifests.js




const unknownManifest = refusal(404, { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' });
function answerManifest(call) {
    const { method } = call.request;
    if (method === 'PUT')
        return putManifest(call);
    if (method === 'DELETE')
        return deleteManifest(call);
    if (method === 'GET' || method === 'HEAD')
        return getManifest(call);
    return refusal(405, { code: 'UNSUPPORTED' });
}
function getManifest({ store, settings, request, name, reference }) {
    const repository = store.get(name);
    if (!repository)
        return refusal(404, { code: 'NAME_UNKNOWN' });
    const digest = digestFor(repository, reference);
    const stored = repository.manifests.get(digest);
    if (!stored)
        return unknownManifest;
    if (!(request.headers['accept'] ?? '').includes(stored.mediaType)) {
        return refusal(404, { code: 'MANIFEST_UNKNOWN', message: `accept ${stored.mediaType}` });
    }
    return answer(200, { 'content-type': stored.mediaType, ...digestHeader(settings, digest) }, stored.bytes);
}
function digestHeader(settings, digest) {
    return settings.digestHeader === 'given' ? { 'docker-content-digest': digest } : {};
}
function putManifest(call) {
    const { store, settings, request, name, reference } = call;
    if (!(0,oci/* isDigest */.Bc)(reference) && !oci/* tagPattern */.bO.test(reference))
        return refusal(400, { code: 'TAG_INVALID' });
    const manifest = readPushed(request, reference);
    if ('status' in manifest)
        return manifest;
    const repository = ensureRepository(store, name);
    const refused = refuseIncomplete(repository, settings, manifest) ??
        refuseArtifact(settings, manifest) ??
        refuseMove(settings, repository.tags.get(reference), manifest.descriptor.digest);
    if (refused)
        return refused;
    const { digest, mediaType } = manifest.descriptor;
    repository.manifests.set(digest, { mediaType, bytes: manifest.raw });
    if (!(0,oci/* isDigest */.Bc)(reference))
        repository.tags.set(reference, digest);
    const location = `/v2/${name}/manifests/${digest}`;
    const subject = settings.referrers === 'on' ? manifest.subject?.digest : undefined;
    return answer(201, {
        location,
        ...digestHeader(settings, digest),
        ...(subject && { 'oci-subject': subject }),
    });
}
function readPushed(request, reference) {
    const type = request.headers['content-type'];
    try {
        const algorithm = (0,oci/* isDigest */.Bc)(reference) ? (0,oci/* algorithmOf */.Hy)(reference) : 'sha256';
        const manifest = (0,oci/* parseManifest */.Ng)(request.body, type, algorithm);
        if (manifest.descriptor.mediaType !== type) {
            return refusal(400, { code: 'MANIFEST_INVALID', message: `Content-Type is ${type}` });
        }
        if ((0,oci/* isDigest */.Bc)(reference) && (0,oci/* digestOf */.ol)(request.body, algorithm) !== reference) {
            return refusal(400, { code: 'DIGEST_INVALID' });
        }
        return manifest;
    }
    catch (error) {
        if (!(error instanceof errors/* ContentError */.yg))
            throw error;
        return refusal(400, { code: 'MANIFEST_INVALID', message: (0,errors/* messageOf */.bD)(error) });
    }
}
function refuseIncomplete(repository, settings, manifest) {
    if (manifest.kind === 'index' && settings.sparseIndexes === 'accepted')
        return undefined;
    const missing = missingContent(repository, manifest);
    if (missing.length === 0)
        return undefined;
    const code = 'MANIFEST_BLOB_UNKNOWN';
    return refusal(404, ...missing.map((digest) => ({ code, detail: { digest } })));
}
const imageConfigs = [
    'application/vnd.oci.image.config.v1+json',
    'application/vnd.cncf.helm.config.v1+json',
];
const imageLayers = [
    /^application\/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+(gzip|zstd))?$/,
    /^application\/vnd\.dev\.cosign\.simplesigning\.v1\+json$/,
    /^application\/vnd\.in-toto\+json$/,
];
function refuseArtifact(settings, manifest) {
    if (settings.artifacts === 'any' || manifest.kind !== 'image')
        return undefined;
    if (manifest.descriptor.mediaType !== oci/* mediaTypes */.Ib.ociManifest)
        return undefined;
    const { config, layers } = manifest;
    const isKnown = imageConfigs.includes(config.mediaType) &&
        layers.every(({ mediaType }) => imageLayers.some((type) => type.test(mediaType)));
    if (isKnown)
        return undefined;
    const message = `'${config.mediaType}' is not one of the allowed types`;
    return refusal(400, { code: 'MANIFEST_INVALID', message });
}
function refuseMove({ immutableTags }, named, digest) {
    if (immutableTags === undefined || named === undefined || named === digest)
        return undefined;
    return refusal(immutableTags, { code: 'TAG_IMMUTABLE', message: 'the tag is immutable' });
}
const deleteRefusals = {
    off: refusal(405, { code: 'UNSUPPORTED' }),
    unsupported: refusal(400, { code: 'DIGEST_INVALID' }),
    unacceptable: answer(406),
    unknown: unknownManifest,
};
function refuseLoss(repository, { childDelete, immutableTags }, reference) {
    const digest = digestFor(repository, reference);
    const isTagged = [...repository.tags.values()].includes(digest);
    if (immutableTags !== undefined && isTagged) {
        return refusal(immutableTags, { code: 'TAG_IMMUTABLE', message: 'the tag is immutable' });
    }
    if (childDelete === 'on' || !(0,oci/* isDigest */.Bc)(reference))
        return undefined;
    const isChild = [...repository.manifests.keys()].some((one) => {
        const above = storedManifest(repository, one);
        return above && (0,oci/* successors */.ir)(above).children.some((child) => child.digest === digest);
    });
    return isChild
        ? refusal(412, { code: 'PRECONDITION', message: 'referenced by an index' })
        : undefined;
}
function deleteManifest({ store, settings, name, reference }) {
    const repository = store.get(name);
    const isByDigest = (0,oci/* isDigest */.Bc)(reference);
    const allowed = isByDigest ? settings.digestDelete : settings.tagDelete;
    const refused = deleteRefusals[allowed];
    if (refused)
        return refused;
    if (!repository)
        return refusal(404, { code: 'NAME_UNKNOWN' });
    const held = refuseLoss(repository, settings, reference);
    if (held)
        return held;
    const gone = isByDigest || allowed === 'greedy'
        ? removeManifest(repository, digestFor(repository, reference))
        : repository.tags.delete(reference);
    return gone ? answer(202) : unknownManifest;
}

;// CONCATENATED MODULE: ./build/fake-registry/settings.js
function beginningWithAnother(tags) {
    return tags.filter((tag) => tags.some((other) => other !== tag && tag.startsWith(other)));
}
const strictSettings = {
    tagDelete: 'on',
    digestDelete: 'on',
    childDelete: 'on',
    immutableTags: undefined,
    artifacts: 'any',
    unknownRepository: 'absent',
    referrers: 'on',
    mounts: 'on',
    chunkStatus: 202,
    blobRedirects: 'off',
    sparseIndexes: 'refused',
    ranges: 'honoured',
    digestHeader: 'given',
    pageSize: 7,
    pageLinks: 'given',
    hidesTags: () => [],
    chunkMinLength: undefined,
    maxBodyBytes: undefined,
    auth: { kind: 'none' },
    now: () => 0,
};

;// CONCATENATED MODULE: ./build/fake-registry/uploads.js




function answerUpload(call) {
    const { store, request, name, reference } = call;
    if (reference === '') {
        return request.method === 'POST' ? startUpload(call) : refusal(405, { code: 'UNSUPPORTED' });
    }
    const repository = ensureRepository(store, name);
    const upload = repository.uploads.get(reference);
    if (!upload)
        return refusal(404, { code: 'BLOB_UPLOAD_UNKNOWN' });
    const { method } = request;
    if (method === 'GET')
        return progress(204, call, upload);
    if (method === 'PATCH') {
        return append(call, upload) ?? progress(call.settings.chunkStatus, call, upload);
    }
    if (method === 'PUT')
        return append(call, upload) ?? finish(call, upload, repository);
    if (method !== 'DELETE')
        return refusal(405, { code: 'UNSUPPORTED' });
    repository.uploads.delete(upload.id);
    return answer(204);
}
function startUpload(call) {
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
    const upload = { id: call.nextId(), bytes: new Uint8Array() };
    repository.uploads.set(upload.id, upload);
    if (!query.has('digest'))
        return progress(202, call, upload);
    upload.bytes = request.body;
    return finish(call, upload, repository);
}
function progress(status, { name, settings }, upload) {
    const length = settings.chunkMinLength;
    return answer(status, {
        location: `/v2/${name}/blobs/uploads/${upload.id}?state=${upload.bytes.byteLength}`,
        range: `0-${Math.max(upload.bytes.byteLength - 1, 0)}`,
        ...(length !== undefined && { 'oci-chunk-min-length': String(length) }),
    });
}
function append({ request, settings, query }, upload) {
    const at = upload.bytes.byteLength;
    if (query.get('state') !== String(at))
        return refusal(404, { code: 'BLOB_UPLOAD_INVALID' });
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
function finish(call, upload, repository) {
    const digest = call.query.get('digest') ?? '';
    if (!(0,oci/* isDigest */.Bc)(digest))
        return refusal(400, { code: 'DIGEST_INVALID' });
    repository.uploads.delete(upload.id);
    if ((0,oci/* digestOf */.ol)(upload.bytes, (0,oci/* algorithmOf */.Hy)(digest)) !== digest) {
        return refusal(400, { code: 'DIGEST_INVALID', message: 'content does not match digest' });
    }
    repository.blobs.set(digest, upload.bytes);
    return created(call, digest);
}
function created({ name, settings }, digest) {
    return answer(201, {
        location: `/v2/${name}/blobs/${digest}`,
        ...digestHeader(settings, digest),
    });
}

;// CONCATENATED MODULE: ./build/fake-registry/handler.js










const storageQuery = 'X-Amz-Signature=1';
const isStorage = ({ url }) => url.endsWith(`?${storageQuery}`);
function answerBlob({ store, settings, request, name, reference }) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        return refusal(405, { code: 'UNSUPPORTED' });
    }
    const bytes = store.get(name)?.blobs.get(reference);
    if (!bytes)
        return refusal(404, { code: 'BLOB_UNKNOWN' });
    if (settings.blobRedirects === 'on' && !isStorage(request)) {
        return answer(307, { location: `${request.url}?${storageQuery}` });
    }
    if (isStorage(request) && request.method === 'HEAD')
        return answer(403);
    const headers = {
        'content-type': 'application/octet-stream',
        ...digestHeader(settings, reference),
    };
    const range = settings.ranges === 'honoured' ? request.headers['range'] : undefined;
    if (!range)
        return answer(200, headers, bytes);
    const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
    if (!(start < bytes.byteLength)) {
        return answer(416, { 'content-range': `bytes */${bytes.byteLength}` });
    }
    const place = `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}`;
    return answer(206, { ...headers, 'content-range': place }, bytes.subarray(start));
}
const routePattern = /^\/v2\/(?<name>.+?)\/(?<kind>manifests|blobs\/uploads|blobs|tags|referrers)\/(?<reference>[^/]*)$/;
function routeOf(path) {
    const groups = routePattern.exec(path)?.groups;
    if (!groups)
        return undefined;
    return {
        kind: groups['kind'],
        name: groups['name'] ?? '',
        reference: groups['reference'] ?? '',
    };
}
function scopesOf(method, { name }, query) {
    const actions = { GET: 'pull', HEAD: 'pull', DELETE: 'delete' };
    const from = query.get('from');
    return [
        { name, action: actions[method] ?? 'push' },
        ...(from ? [{ name: from, action: 'pull' }] : []),
    ];
}
function refuseRequest({ method, body }, name, { settings, store }) {
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && settings.unknownRepository === 'denied' && !store.has(name)) {
        return refusal(403, { code: 'DENIED' });
    }
    if (!oci/* repositoryPattern */.Z0.test(name))
        return refusal(400, { code: 'NAME_INVALID' });
    const isTooLong = body.byteLength > (settings.maxBodyBytes ?? Number.POSITIVE_INFINITY);
    return isTooLong ? answer(413, { 'content-type': 'text/html' }) : undefined;
}
function dispatch(call, kind, extra) {
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
function authorizationKind(header) {
    if (!header)
        return 'none';
    return /^basic /i.test(header) ? 'basic' : 'bearer';
}
function createFakeRegistry(settings = {}) {
    const all = { ...strictSettings, ...settings };
    const store = createStore();
    const faults = createFaults();
    const log = createAccessLog();
    const access = createAccess(all, store);
    let uploads = 0;
    const nextId = () => `upload-${++uploads}`;
    function respond(request) {
        const url = new URL(request.url, 'http://registry');
        const path = decodeURIComponent(url.pathname);
        if (path === '/token')
            return access.answerToken(request);
        if (path === '/v2/')
            return access.refuse(request, []) ?? jsonAnswer(200, {});
        const route = routeOf(path);
        if (!route)
            return answer(404);
        const refused = access.refuse(request, scopesOf(request.method, route, url.searchParams)) ??
            refuseRequest(request, route.name, { settings: all, store });
        if (refused)
            return refused;
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

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./build/fake-registry/serve.js



async function readBody(request) {
    const parts = [];
    for await (const part of request)
        parts.push(part);
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
function flatHeaders(request) {
    return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
    ]));
}
function deliver(given, method, response) {
    const { delivery = {}, status, headers, body } = given;
    if (delivery.reset) {
        response.socket?.resetAndDestroy();
        return;
    }
    const length = status === 204 ? {} : { 'content-length': String(body.byteLength) };
    response.writeHead(status, { ...length, ...headers });
    if (method === 'HEAD') {
        response.end();
    }
    else if (delivery.cutAfter === undefined) {
        response.end(body);
    }
    else {
        const isStalled = delivery.stall === true;
        response.write(body.subarray(0, delivery.cutAfter), () => {
            if (!isStalled)
                response.socket?.destroy();
        });
        response.flushHeaders();
    }
}
async function answerOver(registry, request, response) {
    const method = request.method ?? 'GET';
    const given = registry.handle({
        method,
        url: request.url ?? '/',
        headers: flatHeaders(request),
        body: await readBody(request),
    });
    if (given.delivery?.delayMs !== undefined)
        await (0,external_node_timers_promises_.setTimeout)(given.delivery.delayMs);
    deliver(given, method, response);
}
async function listen(server) {
    const port = await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server.address().port));
    });
    return {
        host: `127.0.0.1:${port}`,
        close: () => new Promise((resolve, reject) => {
            server.close((error) => (error ? reject(error) : resolve()));
            server.closeAllConnections();
        }),
    };
}
async function serve(registry, tls) {
    const onRequest = (request, response) => {
        answerOver(registry, request, response).catch(() => request.socket.destroy());
    };
    const server = tls ? (0,external_node_https_.createServer)(tls, onRequest) : (0,external_node_http_.createServer)(onRequest);
    const listening = await listen(server);
    return { ...listening, origin: `${tls ? 'https' : 'http'}://${listening.host}` };
}

;// CONCATENATED MODULE: ./build/fake-registry/index.js








// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./node_modules/tar-stream/index.js
var tar_stream = __webpack_require__(6118);
;// CONCATENATED MODULE: ./build/fake-upstream/content.js




function noise(seed, size) {
    const bytes = new Uint8Array(size);
    let block = (0,external_node_crypto_.createHash)('sha512').update(seed).digest();
    for (let offset = 0; offset < size; offset += block.byteLength) {
        bytes.set(block.subarray(0, Math.min(block.byteLength, size - offset)), offset);
        block = (0,external_node_crypto_.createHash)('sha512').update(block).digest();
    }
    return bytes;
}
function content(mediaType, bytes) {
    return { descriptor: (0,oci/* describeBytes */.nI)(mediaType, bytes()), bytes };
}
async function packLayer(files) {
    const tar = (0,tar_stream.pack)();
    for (const [name, text] of Object.entries(files)) {
        tar.entry({ name, mtime: new Date(0) }, text);
    }
    tar.finalize();
    const chunks = [];
    for await (const chunk of tar)
        chunks.push(chunk);
    return (0,external_node_zlib_.gzipSync)(Buffer.concat(chunks));
}

;// CONCATENATED MODULE: ./build/fake-upstream/image.js


function makeImage(layers, platform) {
    const { os, architecture } = platform;
    const rootfs = { type: 'layers', diff_ids: layers.map(({ descriptor }) => descriptor.digest) };
    const text = JSON.stringify({ os, architecture, rootfs });
    const config = content(oci/* mediaTypes */.Ib.ociConfig, () => new TextEncoder().encode(text));
    const manifest = (0,oci/* encodeManifest */.Gb)({
        schemaVersion: 2,
        mediaType: oci/* mediaTypes */.Ib.ociManifest,
        config: config.descriptor,
        layers: layers.map(({ descriptor }) => descriptor),
    });
    return { manifest, blobs: [config, ...layers], children: [] };
}
function makeIndex(children) {
    const manifest = (0,oci/* encodeManifest */.Gb)({
        schemaVersion: 2,
        mediaType: oci/* mediaTypes */.Ib.ociIndex,
        manifests: children.map(({ image, platform }) => ({ ...image.manifest.descriptor, platform })),
    });
    return { manifest, blobs: [], children: children.map(({ image }) => image) };
}

;// CONCATENATED MODULE: ./build/fake-upstream/graph-data.js



const baseRepository = 'ubi9/ubi';
async function makeGraphData(files) {
    const images = ['amd64', 'arm64'].map((architecture) => {
        const platform = { os: 'linux', architecture };
        const layer = content(oci/* mediaTypes */.Ib.ociLayerGzip, () => noise(`ubi ${architecture}`, 512));
        return { image: makeImage([layer], platform), platform };
    });
    return { base: makeIndex(images), archive: await packLayer(files) };
}

;// CONCATENATED MODULE: ./build/fake-upstream/release.js



const realNames = ['cli', 'etcd', 'installer', 'oauth-server', 'console', 'coredns', 'pod'];
function componentName(index) {
    return realNames[index] ?? `component-${String(index).padStart(3, '0')}`;
}
function platformOf(architecture) {
    return { os: 'linux', architecture };
}
function componentImage(seed, architecture, shape) {
    const size = shape.layerBytes ?? 512;
    const layers = Array.from({ length: shape.layers ?? 1 }, (_, index) => content(oci/* mediaTypes */.Ib.ociLayerGzip, () => noise(`${seed} ${architecture} ${index}`, size)));
    return makeImage(layers, platformOf(architecture));
}
function assemble(architecture, build) {
    const names = architecture === 'multi' ? ['amd64', 'arm64'] : [architecture];
    const built = names.map((name) => ({ image: build(name), platform: platformOf(name) }));
    const [only] = built;
    return architecture !== 'multi' && only ? only.image : makeIndex(built);
}
function makeComponent(index, release, shape) {
    const name = componentName(index);
    const { version, architecture } = release;
    const shared = shape.shared ?? 0;
    const isSharedChild = (built) => built === 'arm64' && index >= shared && index < shared + (shape.sharedChildren ?? 0);
    const image = assemble(architecture, (built) => {
        const seed = index < shared || isSharedChild(built) ? name : `${name} ${version}`;
        return componentImage(seed, built, shape);
    });
    return { name, image };
}
function imageReferences(version, components, repository) {
    const tags = components.map(({ name, image }) => ({
        name,
        from: { kind: 'DockerImage', name: `${repository}@${image.manifest.descriptor.digest}` },
    }));
    return JSON.stringify({
        kind: 'ImageStream',
        apiVersion: 'image.openshift.io/v1',
        metadata: { name: version },
        spec: { lookupPolicy: { local: false }, tags },
    });
}
function bootImages(reference) {
    const kubevirt = { kubevirt: { 'digest-ref': reference } };
    const architectures = { x86_64: { images: kubevirt }, s390x: { images: kubevirt } };
    return `kind: ConfigMap\ndata:\n  stream: '${JSON.stringify({ architectures })}'\n`;
}
function keyConfigMap(key) {
    const annotations = { 'release.openshift.io/verification-config-map': '' };
    return JSON.stringify({
        kind: 'ConfigMap',
        metadata: { name: 'release-verification', annotations },
        data: { 'verifier-public-key-fake': key },
    });
}
async function makeRelease(release, shape, repository) {
    const { version, architecture } = release;
    const components = Array.from({ length: shape.components }, (_, index) => makeComponent(index, release, shape));
    const [first] = components;
    const reference = `${repository}@${first?.image.manifest.descriptor.digest}`;
    const manifests = await packLayer({
        'release-manifests/image-references': imageReferences(shape.nameless ? undefined : version, components, repository),
        'release-manifests/release-metadata': JSON.stringify({
            kind: 'cincinnati-metadata-v0',
            version,
        }),
        ...(shape.kubeVirt && {
            'release-manifests/0000_50_installer_coreos-bootimages.yaml': bootImages(reference),
        }),
        ...(shape.clusterPolicy && {
            'release-manifests/0000_90_openshift-cluster-image-policy.yaml': shape.clusterPolicy,
        }),
        ...(shape.payloadKey && {
            'release-manifests/0000_90_cluster-update-keys_configmap.yaml': keyConfigMap(shape.payloadKey),
        }),
    });
    const operator = await packLayer({ 'usr/bin/cluster-version-operator': 'operator' });
    const image = assemble(architecture, (built) => makeImage([
        content(oci/* mediaTypes */.Ib.ociLayerGzip, () => operator),
        content(oci/* mediaTypes */.Ib.ociLayerGzip, () => manifests),
    ], platformOf(built)));
    return { version, architecture, image, components };
}

;// CONCATENATED MODULE: ./build/fake-upstream/serve.js


async function serveUpstream(upstream) {
    const asked = [];
    const server = (0,external_node_http_.createServer)((request, response) => {
        const url = new URL(request.url ?? '/', 'http://127.0.0.1');
        asked.push(url.pathname + url.search);
        const { status, contentType, body } = upstream.answer(url);
        response.writeHead(status, { 'content-type': contentType });
        response.end(body);
    });
    const { host, close } = await listen(server);
    const base = `http://${host}`;
    return {
        env: { UPDATE_URL_OVERRIDE: `${base}/graph`, OCP_SIGNATURE_URL: `${base}/signatures/` },
        asked,
        close,
    };
}

;// CONCATENATED MODULE: ./build/fake-upstream/signing.js



function signedStatement(digest, reference) {
    return JSON.stringify({
        critical: {
            image: { 'docker-manifest-digest': digest },
            type: 'atomic container signature',
            identity: { 'docker-reference': reference },
        },
        optional: { creator: 'imageset-mirror fake upstream' },
    });
}
async function makeSigningKey(name = 'Fake release key') {
    const openpgp = await __webpack_require__.e(/* import() */ 74).then(__webpack_require__.bind(__webpack_require__, 3074));
    const { privateKey, publicKey } = await openpgp.generateKey({
        type: 'ecc',
        curve: 'nistP256',
        userIDs: [{ name, email: 'releases@example.com' }],
        format: 'object',
    });
    return {
        publicKey: publicKey.armor(),
        fingerprint: publicKey.getFingerprint().toUpperCase(),
        async sign(statement) {
            const message = await openpgp.createMessage({ binary: new TextEncoder().encode(statement) });
            return await openpgp.sign({ message, signingKeys: privateKey, format: 'binary' });
        },
    };
}
function signaturePath(digest, number = 1) {
    return `${digest.replace(':', '=')}/signature-${number}`;
}
function cosignTag(digest) {
    return `${digest.replace(':', '-')}.sig`;
}
function makeCosignSignature(digest, reference) {
    const payload = JSON.stringify({
        critical: {
            identity: { 'docker-reference': reference },
            image: { 'docker-manifest-digest': digest },
            type: 'cosign container image signature',
        },
        optional: null,
    });
    const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
    const layer = content(type, () => new TextEncoder().encode(payload));
    return makeImage([layer], { os: '', architecture: '' });
}
function strayDigest(seed) {
    return digestOf(new TextEncoder().encode(`stray ${seed}`));
}

// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var base = __webpack_require__(8665);
;// CONCATENATED MODULE: ./build/fake-upstream/upstream.js




function pushInto(repository) {
    return {
        async putBlob(name, { descriptor, bytes }) {
            await repository(name).blobs.push(descriptor, async () => (0,base/* oneChunk */.wX)(bytes()));
        },
        async putManifest(name, manifest, tag) {
            await repository(name).manifests.push(manifest, tag);
        },
    };
}
const releaseRepository = 'openshift-release-dev/ocp-release';
const componentRepository = 'openshift-release-dev/ocp-v4.0-art-dev';
const tagWords = { amd64: 'x86_64', arm64: 'aarch64' };
function tagOf({ version, architecture }) {
    return `${version}-${tagWords[architecture] ?? architecture}`;
}
async function putImage(sink, repository, { image, tag }) {
    for (const blob of image.blobs)
        await sink.putBlob(repository, blob);
    for (const child of image.children)
        await putImage(sink, repository, { image: child });
    await sink.putManifest(repository, image.manifest, tag);
}
function json(value) {
    const body = new TextEncoder().encode(JSON.stringify(value));
    return { status: 200, contentType: 'application/json', body };
}
function binary(body) {
    return { status: 200, contentType: 'application/octet-stream', body };
}
const missing = {
    status: 404,
    contentType: 'text/plain',
    body: new TextEncoder().encode('not found'),
};
function graphOf(channel, releases, options) {
    const { channels, registry } = options;
    const nodes = (channels[channel] ?? []).flatMap((version) => {
        const release = releases.find((one) => one.version === version);
        const digest = release?.image.manifest.descriptor.digest;
        const having = Object.keys(channels).filter((name) => channels[name]?.includes(version));
        const metadata = { 'io.openshift.upgrades.graph.release.channels': having.join(',') };
        return digest
            ? [{ version, payload: `${registry}/${releaseRepository}@${digest}`, metadata }]
            : [];
    });
    const versions = new Set(nodes.map(({ version }) => version));
    const conditionalEdges = (options.conditionalEdges ?? []).map(({ edges, risks }) => {
        return { edges: edges.filter(({ from, to }) => versions.has(from) && versions.has(to)), risks };
    });
    const depending = new Set(conditionalEdges.flatMap((group) => group.edges.map(({ from, to }) => `${from} ${to}`)));
    const edges = nodes
        .slice(1)
        .flatMap(({ version }, index) => depending.has(`${nodes[index]?.version} ${version}`) ? [] : [[index, index + 1]]);
    return json({ version: 1, nodes, edges, conditionalEdges });
}
async function signAll(releases, key, registry) {
    const signatures = new Map();
    for (const release of releases) {
        const { digest } = release.image.manifest.descriptor;
        const reference = `${registry}/${releaseRepository}:${tagOf(release)}`;
        signatures.set(signaturePath(digest), await key.sign(signedStatement(digest, reference)));
    }
    return signatures;
}
async function putSignatures(sink, { components, image }, registry) {
    const signed = components.slice(0, -1).map((one) => [componentRepository, one.image]);
    for (const [repository, { manifest }] of [...signed, [releaseRepository, image]]) {
        const { digest } = manifest.descriptor;
        const signature = makeCosignSignature(digest, `${registry}/${repository}`);
        await putImage(sink, repository, { image: signature, tag: cosignTag(digest) });
    }
}
async function makeUpstream(options) {
    const { registry, channels } = options;
    const key = options.key ?? (await makeSigningKey());
    const versions = [...new Set(Object.values(channels).flat())];
    const architectures = options.architectures ?? ['amd64'];
    const wanted = architectures.flatMap((architecture) => versions.map((version) => ({ version, architecture })));
    const components = `${registry}/${componentRepository}`;
    const releases = [];
    for (const one of wanted)
        releases.push(await makeRelease(one, options, components));
    const signatures = await signAll(releases, key, registry);
    const graph = options.graphData && (await makeGraphData(options.graphData));
    return {
        releases,
        key,
        async fill(sink) {
            for (const release of releases) {
                for (const { image } of release.components) {
                    await putImage(sink, componentRepository, { image });
                }
                await putImage(sink, releaseRepository, { image: release.image, tag: tagOf(release) });
                if (options.cosign)
                    await putSignatures(sink, release, registry);
            }
            if (graph)
                await putImage(sink, baseRepository, { image: graph.base, tag: 'latest' });
        },
        answer(url) {
            if (url.pathname === '/graph-data')
                return graph ? binary(graph.archive) : missing;
            if (url.pathname === '/graph') {
                const architecture = url.searchParams.get('arch') ?? 'amd64';
                const built = releases.filter((release) => release.architecture === architecture);
                return graphOf(url.searchParams.get('channel') ?? '', built, options);
            }
            const body = signatures.get(url.pathname.replace('/signatures/', ''));
            return body ? binary(body) : missing;
        },
    };
}

;// CONCATENATED MODULE: ./build/fake-upstream/index.js








// EXTERNAL MODULE: ./build/log.js
var log = __webpack_require__(6650);
// EXTERNAL MODULE: ./build/registry/index.js + 51 modules
var registry = __webpack_require__(9494);
;// CONCATENATED MODULE: ./build/demo/scene.js







const componentCount = 12;
const shape = { components: componentCount, shared: 4, layerBytes: 64 * 1024, layers: 2 };
function openWire(clock) {
    return (0,registry/* connect */.Ng)({
        credentials: { lookup: async () => undefined },
        trust: { lookup: async () => ({}) },
        retry: { times: 1 },
        parallel: 8,
        userAgent: 'imageset-mirror/demo',
        clock,
        log: log/* silentLogger */.q,
        env: {},
    });
}
async function setScene(clock) {
    const target = createFakeRegistry({ pageSize: 100, tagDelete: 'unsupported' });
    const [from, to] = [await serve(createFakeRegistry({ pageSize: 100 })), await serve(target)];
    const upstream = await makeUpstream({
        ...shape,
        registry: from.host,
        cosign: 'most',
        channels: { 'stable-4.16': ['4.16.5', '4.16.6'] },
    });
    const wire = openWire(clock);
    await upstream.fill(pushInto((name) => wire.repository(from.host, name)));
    const service = await serveUpstream(upstream);
    const directory = await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), 'imageset-mirror-demo-'));
    const settings = {
        target: to.host,
        source: { anonymous: true },
        destination: { anonymous: true },
        insecureRegistries: [from.host, to.host],
        workspace: (0,external_node_path_.join)(directory, 'working-dir'),
        state: 'registry',
        retryTimes: 1,
        verifySignatures: 'releases',
        signatureKeys: upstream.key.publicKey,
        options: { prune: 'removed', maxDelete: { share: 0.5 }, protect: [] },
        env: service.env,
        clock,
        log: log/* silentLogger */.q,
    };
    return {
        settings,
        target,
        host: to.host,
        directory,
        wire,
        async close() {
            await Promise.all([wire.close(), service.close(), from.close(), to.close()]);
        },
    };
}

;// CONCATENATED MODULE: ./build/demo/demo.js





const demo_name = 'imageset-config.yaml';
const secondCommit = 'b8270e4d9c1f36a5e7082b4d6f91a3c5e7d90f12';
function config(minVersion) {
    return {
        name: demo_name,
        text: `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  platform:
    channels:
      - name: stable-4.16
        minVersion: ${minVersion}
        maxVersion: 4.16.6
`,
    };
}
function requestOf(commit, file, before) {
    return {
        head: [{ ...file, commit }],
        headRevision: { commit, from: 'event' },
        async base(applied) {
            const last = applied.at(-1)?.commit;
            return (before && { files: [before], revision: { from: 'state', ...(last && { commit: last }) } });
        },
    };
}
class Telling {
    #scene;
    #world;
    constructor(scene, world) {
        this.#scene = scene;
        this.#world = world;
    }
    say(text = '') {
        this.#world.print(`${text}\n`);
    }
    title(text) {
        this.say(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}\n`);
    }
    #time() {
        return new Date(this.#world.clock.now()).toISOString().slice(11, 19);
    }
    async merge(request) {
        const listener = (event) => {
            const line = (0,run.isApplyEvent)(event) ? (0,views/* formatEvent */.qF)(event, this.#time()) : undefined;
            if (line !== undefined)
                this.say(`  ${line}`);
        };
        const approve = async () => ({ require: 'none' });
        const report = await (0,run.planAndApply)(this.#scene.settings, request, { approve, listener });
        const closing = report.applied ? (0,views/* formatClosing */.Z0)(report.applied.result, this.#time()) : [];
        for (const line of closing)
            this.say(`  ${line}`);
        return report;
    }
    async save(folder, files) {
        const directory = (0,external_node_path_.join)(this.#scene.directory, folder);
        for (const [path, text] of files) {
            await (0,promises_.mkdir)((0,external_node_path_.dirname)((0,external_node_path_.join)(directory, path)), { recursive: true });
            await (0,promises_.writeFile)((0,external_node_path_.join)(directory, path), text);
        }
        return directory;
    }
}
async function pullAll({ wire, host }, version) {
    const repository = wire.repository(host, 'openshift/release');
    const tags = (await repository.tags.list()) ?? [];
    let pulled = 0;
    for (const tag of tags.filter((one) => one.startsWith(version))) {
        const manifest = await repository.manifests.fetch(tag);
        const blobs = manifest?.kind === 'image' ? [manifest.config, ...manifest.layers] : [];
        for (const blob of blobs) {
            for await (const _ of await repository.blobs.fetch(blob)) {
            }
        }
        pulled += manifest ? 1 : 0;
    }
    return pulled;
}
const opening = `imageset-mirror: plan, review, apply. Everything below happens in this process: a source
registry with two signed releases, an update service, and an empty mirror registry.`;
async function tell(telling, scene) {
    const [first, second] = [config('4.16.5'), config('4.16.6')];
    telling.say(opening);
    telling.title('1. A push: releases 4.16.5 and 4.16.6 are mirrored');
    telling.say(first.text);
    await telling.merge(requestOf('3f9a1c20d5e84b7196a0c2d4e6f8091b3d5f7a90', first));
    telling.title('2. A pull request raises minVersion to 4.16.6: the plan, for review');
    const logged = scene.target.log.writes().length;
    const planned = await (0,run.plan)(scene.settings, requestOf(secondCommit, second, first));
    const written = scene.target.log.writes().length - logged;
    if (!planned.plan)
        return 1;
    telling.say((0,views/* renderPlanText */.$D)(planned.plan));
    telling.say(`Planning sent ${written} write requests to the registry. The reviewer gets these files:`);
    const folder = await telling.save('plan', planned.files);
    for (const file of planned.files.keys())
        telling.say(`  ${(0,external_node_path_.join)(folder, file)}`);
    telling.title('3. The merge: exactly that is applied');
    const { applied } = await telling.merge(requestOf(secondCommit, second, first));
    if (!applied)
        return 1;
    await telling.save('result', applied.files);
    const [gone, kept] = [await pullAll(scene, '4.16.5'), await pullAll(scene, '4.16.6')];
    telling.say(`\nTags of 4.16.5 left: ${gone}. Images of 4.16.6 that pull whole: ${kept} of ${componentCount}.`);
    telling.say('The components that both releases share are still there: only their old tags went.');
    telling.title('4. The same push again');
    scene.target.log.clear();
    await telling.merge(requestOf(secondCommit, second, first));
    telling.say(`\nRequests to the registry: ${scene.target.log.entries.length}, writes among them: ${scene.target.log.writes().length}.`);
    telling.title('5. Second thoughts: restore puts 4.16.5 back');
    const restored = await (0,run.restore)(scene.settings, { undo: 'last' }, () => { });
    const back = await pullAll(scene, '4.16.5');
    telling.say(`${(0,views/* capitalize */.ZH)((0,views/* describeCheck */.cn)(restored, 'restored'))}. Images of 4.16.5 that pull whole: ${back} of ${componentCount}.`);
    telling.say(`\nOpen ${(0,external_node_path_.join)(folder, 'report.html')} in a browser to see the report.`);
    const isAsTold = gone === 0 && kept === componentCount && back === componentCount;
    return applied.result.status === 'applied' && isAsTold ? 0 : 1;
}
async function runDemo(world) {
    const scene = await setScene(world.clock);
    try {
        return await tell(new Telling(scene, world), scene);
    }
    finally {
        await scene.close();
    }
}

;// CONCATENATED MODULE: ./build/demo/index.js



/***/ })

};
