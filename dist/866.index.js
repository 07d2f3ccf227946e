export const id = 866;
export const ids = [866];
export const modules = {

/***/ 24866:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  m5: () => (/* reexport */ cacheRegistries),
  H_: () => (/* reexport */ cachedFirst),
  Zx: () => (/* reexport */ cachedSources),
  Sj: () => (/* reexport */ loadArchives),
  openCache: () => (/* reexport */ openCache),
  pruneCache: () => (/* reexport */ pruneCache),
  OR: () => (/* reexport */ sayArchive),
  _d: () => (/* reexport */ writeArchive)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./build/oci/index.js + 5 modules
var oci = __webpack_require__(97402);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./build/content/index.js + 5 modules
var content = __webpack_require__(71146);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(19473);
// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var build_base = __webpack_require__(48665);
;// CONCATENATED MODULE: ./build/archive/disk-files.js




async function storing(path, step) {
    try {
        return await step();
    }
    catch (cause) {
        throw (0,build_base/* storageError */.QX)(`${path} cannot be written: ${(0,errors/* messageOf */.bD)(cause)}`, cause, 'The cache needs room for everything that is mirrored; --cache-dir puts it on another disk.');
    }
}
async function readSmall(path, most) {
    try {
        const { size } = await (0,promises_.stat)(path);
        return size > most ? undefined : await (0,promises_.readFile)(path);
    }
    catch {
        return undefined;
    }
}
async function writeSmall(path, text, options) {
    await storing(path, async () => {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
        await (0,build_base/* writeAtomically */.vK)(path, text, options);
    });
}
async function moveTo(path, from) {
    await storing(path, async () => {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
        await (0,promises_.rename)(from, path);
    });
}
class Unfinished {
    #open = new Map();
    async begin(path) {
        const temporary = (0,build_base/* temporaryName */.NT)(path);
        const file = await storing(path, async () => {
            await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
            return await (0,promises_.open)(temporary, 'wx', 0o644);
        });
        this.#open.set(temporary, file);
        return {
            write: (bytes) => storing(path, () => file.writeFile(bytes)),
            place: () => storing(path, async () => {
                await file.close();
                await (0,promises_.rename)(temporary, path);
                this.#open.delete(temporary);
            }),
        };
    }
    async drop() {
        for (const [temporary, file] of this.#open) {
            await file.close().catch(() => { });
            await (0,promises_.rm)(temporary, { force: true }).catch(() => { });
        }
        this.#open.clear();
    }
}

;// CONCATENATED MODULE: ./build/archive/layout.js



const storeRoot = 'docker/registry/v2';
function pair(digest) {
    return `${(0,oci/* algorithmOf */.Hy)(digest)}/${(0,oci/* hexOf */.ZD)(digest)}`;
}
function blobPath(digest) {
    const hex = (0,oci/* hexOf */.ZD)(digest);
    return `${storeRoot}/blobs/${(0,oci/* algorithmOf */.Hy)(digest)}/${hex.slice(0, 2)}/${hex}/data`;
}
function repositoryPath(name) {
    if (!oci/* repositoryPattern */.Z0.test(name)) {
        throw new errors/* ConfigError */.xL('REFERENCE_INVALID', `"${name}" is no repository.`);
    }
    return `${storeRoot}/repositories/${name}`;
}
function layerLink(name, digest) {
    return `${repositoryPath(name)}/_layers/${pair(digest)}/link`;
}
function revisionLink(name, digest) {
    return `${repositoryPath(name)}/_manifests/revisions/${pair(digest)}/link`;
}
function tagPath(name, tag) {
    if (!oci/* tagPattern */.bO.test(tag))
        throw new errors/* ConfigError */.xL('REFERENCE_INVALID', `"${tag}" is no tag.`);
    return `${repositoryPath(name)}/_manifests/tags/${tag}`;
}
function tagLink(name, tag) {
    return `${tagPath(name, tag)}/current/link`;
}
function tagIndexLink(name, tag, digest) {
    return `${tagPath(name, tag)}/index/${pair(digest)}/link`;
}
const blobFile = new RegExp(`^${storeRoot}/blobs/(sha256|sha512)/([0-9a-f]{2})/([0-9a-f]{64,128})/data$`);
const linkFile = new RegExp(`^${storeRoot}/repositories/(.+?)/(?:_layers/sha(?:256|512)/[0-9a-f]{64,128}/link` +
    '|_manifests/revisions/sha(?:256|512)/[0-9a-f]{64,128}/link' +
    '|_manifests/tags/([^/]+)/(?:current|index/sha(?:256|512)/[0-9a-f]{64,128})/link)$');
function storeFileOf(path) {
    const [, algorithm, start, hex = ''] = blobFile.exec(path) ?? [];
    if (algorithm !== undefined && start !== undefined) {
        const digest = `${algorithm}:${hex}`;
        return hex.startsWith(start) && (0,oci/* isDigest */.Bc)(digest) ? { kind: 'blob', digest } : undefined;
    }
    const [, repository = '', tag = 'none'] = linkFile.exec(path) ?? [];
    const isNamed = oci/* repositoryPattern */.Z0.test(repository) && oci/* tagPattern */.bO.test(tag);
    return isNamed ? { kind: 'link', repository } : undefined;
}
function placeIn(directory, path) {
    return (0,external_node_path_.join)(directory, ...path.split('/'));
}

;// CONCATENATED MODULE: ./build/archive/blob-files.js








const again = 'Nothing of it was kept: run again, or get an undamaged copy of where it came from.';
async function writeWhole(path, bytes) {
    const unfinished = new Unfinished();
    try {
        const writing = await unfinished.begin(path);
        for await (const chunk of bytes)
            await writing.write(chunk);
        await writing.place();
    }
    catch (thrown) {
        await unfinished.drop();
        throw thrown;
    }
}
async function findLostBlob(manifest, files) {
    for (const { digest, size } of (0,oci/* successors */.ir)(manifest).blobs) {
        if ((await files.size(digest)) !== size)
            return digest;
    }
    return undefined;
}
async function listDigests(root) {
    const found = [];
    for (const algorithm of await (0,promises_.readdir)(root).catch(() => [])) {
        for (const start of await (0,promises_.readdir)((0,external_node_path_.join)(root, algorithm)).catch(() => [])) {
            const names = await (0,promises_.readdir)((0,external_node_path_.join)(root, algorithm, start)).catch(() => []);
            found.push(...names.map((hex) => `${algorithm}:${hex}`).filter(oci/* isDigest */.Bc));
        }
    }
    return found;
}
function openBlobFiles(directory) {
    const placeOf = (digest) => placeIn(directory, blobPath(digest));
    const size = async (digest) => {
        const found = await (0,promises_.stat)(placeOf(digest)).catch(() => undefined);
        return found?.isFile() ? found.size : undefined;
    };
    return {
        size,
        async *stream(descriptor) {
            const path = placeOf(descriptor.digest);
            try {
                yield* (0,content/* verifyBytes */.RV)(descriptor, (0,external_node_fs_.createReadStream)(path, { highWaterMark: 256 * 1024 }), again);
            }
            catch (thrown) {
                if (thrown instanceof errors/* ContentError */.yg)
                    await (0,promises_.rm)(path, { force: true }).catch(() => { });
                throw thrown;
            }
        },
        write: (descriptor, bytes) => writeWhole(placeOf(descriptor.digest), (0,content/* verifyBytes */.RV)(descriptor, bytes, again)),
        digests: () => listDigests(placeIn(directory, `${storeRoot}/blobs`)),
        remove: (digest) => (0,promises_.rm)((0,external_node_path_.dirname)(placeOf(digest)), { recursive: true, force: true }),
        async manifest(digest) {
            const bytes = await readSmall(placeOf(digest), oci/* maxManifestBytes */.rq);
            if (!bytes)
                return undefined;
            const manifest = (0,oci/* parseManifest */.Ng)(new Uint8Array(bytes), undefined, (0,oci/* algorithmOf */.Hy)(digest));
            return manifest.descriptor.digest === digest ? manifest : undefined;
        },
    };
}

// EXTERNAL MODULE: ./build/signature/index.js + 3 modules
var signature = __webpack_require__(65746);
;// CONCATENATED MODULE: ./build/archive/cache-repository.js





async function isWhole(manifest, files) {
    if (await findLostBlob(manifest, files))
        return false;
    for (const { digest } of (0,oci/* successors */.ir)(manifest).children) {
        const child = await files.manifest(digest);
        if (child && !(await isWhole(child, files)))
            return false;
    }
    return true;
}
async function lookUp(reference, { files, links }) {
    if ((0,oci/* isDigest */.Bc)(reference)) {
        return (await links.hasRevision(reference)) ? await files.manifest(reference) : undefined;
    }
    const digest = await links.tag(reference);
    const manifest = digest && (await files.manifest(digest));
    return manifest && (await isWhole(manifest, files)) ? manifest : undefined;
}
async function refuseHalf(manifest, { files }) {
    const lost = await findLostBlob(manifest, files);
    if (lost === undefined)
        return;
    throw new errors/* RegistryError */.gl('UNEXPECTED_STATUS', `The cache lacks the blob ${lost}.`, {
        specCodes: ['MANIFEST_BLOB_UNKNOWN'],
    });
}
function manifestStore(parts) {
    const { files, links } = parts;
    return {
        resolve: async (reference) => (await lookUp(reference, parts))?.descriptor,
        fetch: (reference) => lookUp(reference, parts),
        async push(manifest, tag) {
            const { descriptor, raw } = manifest;
            const { digest } = descriptor;
            await refuseHalf(manifest, parts);
            if ((await files.size(digest)) !== descriptor.size) {
                await files.write(descriptor, (0,build_base/* oneChunk */.wX)(raw));
            }
            await links.addRevision(digest);
            if (tag !== undefined)
                await links.setTag(tag, digest);
        },
        async delete(digest) {
            for (const tag of (await links.tags()) ?? []) {
                if ((await links.tag(tag)) === digest)
                    await links.removeTag(tag);
            }
            return (await links.removeRevision(digest)) ? 'deleted' : 'absent';
        },
    };
}
function lacksBlob({ digest }, where) {
    return new errors/* RegistryError */.gl('NOT_FOUND', `The blob ${digest} is not in ${where}.`, {
        specCodes: ['BLOB_UNKNOWN'],
    });
}
function blobStore({ files, links, registry }) {
    const take = async (digest) => {
        if ((await files.size(digest)) === undefined)
            return false;
        if (!(await links.hasLayer(digest)))
            await links.addLayer(digest);
        return true;
    };
    return {
        exists: take,
        async fetch(descriptor) {
            if ((await files.size(descriptor.digest)) === undefined)
                throw lacksBlob(descriptor, registry);
            return files.stream(descriptor);
        },
        async push(descriptor, open) {
            await files.write(descriptor, await open());
            await links.addLayer(descriptor.digest);
        },
        mount: async (digest) => ((await take(digest)) ? 'mounted' : 'refused'),
    };
}
function tagStore({ links }) {
    return {
        list: () => links.tags(),
        async survey() {
            const tags = await links.tags();
            return tags && { tags, list: 'complete' };
        },
        delete: async (tag) => ((await links.removeTag(tag)) ? 'deleted' : 'absent'),
    };
}
function asReferrer({ descriptor, ...manifest }) {
    const config = manifest.kind === 'image' ? manifest.config.mediaType : undefined;
    const artifactType = manifest.artifactType ?? config;
    return {
        ...descriptor,
        ...(artifactType !== undefined && { artifactType }),
        ...(manifest.annotations && { annotations: manifest.annotations }),
    };
}
async function readAny(digest, files) {
    try {
        return await files.manifest(digest);
    }
    catch (thrown) {
        if (thrown instanceof errors/* ContentError */.yg)
            return undefined;
        throw thrown;
    }
}
async function listAllReferrers(links, files) {
    const found = [];
    for (const digest of await links.revisions()) {
        const manifest = await readAny(digest, files);
        const subject = manifest && (0,oci/* successors */.ir)(manifest).subject;
        if (manifest && subject)
            found.push([subject.digest, asReferrer(manifest)]);
    }
    for (const tag of (await links.tags()) ?? []) {
        for (const one of await listByTag(tag, links, files))
            found.push(one);
    }
    return found;
}
async function listByTag(tag, links, files) {
    const { subject, form } = (0,signature/* readAttachedTag */.$E)(tag) ?? {};
    if (subject === undefined || form !== 'referrers')
        return [];
    const tagged = await links.tag(tag);
    const index = tagged && tagged !== subject ? await readAny(tagged, files) : undefined;
    if (index?.kind !== 'index')
        return [];
    return (0,oci/* successors */.ir)(index).children.map((one) => [subject, one]);
}
async function listReferrers(subject, { files, links }) {
    const all = await listAllReferrers(links, files);
    const own = all.flatMap(([about, one]) => (about === subject ? [one] : []));
    return (0,build_base/* lastOfEach */.Pv)(own, ({ digest }) => digest);
}
function cacheRepository(parts) {
    const { registry, name } = parts;
    return {
        registry,
        name,
        manifests: manifestStore(parts),
        blobs: blobStore(parts),
        tags: tagStore(parts),
        referrers: { list: (subject) => listReferrers(subject, parts) },
    };
}

;// CONCATENATED MODULE: ./build/archive/limits.js

const archiveLimits = {
    entries: (0,build_base/* atMost */.Tu)(5_000_000, 'entries in one file of the archive', 'A release has some ten thousand links and blobs, a whole catalog a few hundred thousand.'),
    file: (0,build_base/* atMost */.Tu)(1024 * build_base/* gibibyte */.K9, 'bytes in one entry', 'No registry takes a layer of a terabyte.'),
    link: (0,build_base/* atMost */.Tu)(256, 'bytes in a link', 'A link holds one digest.'),
    note: (0,build_base/* atMost */.Tu)(256 * build_base/* mebibyte */.E$, 'bytes in a description of an archive', 'It holds a line for each file that is no blob, and one for each blob of earlier archives.'),
    history: (0,build_base/* atMost */.Tu)(build_base/* gibibyte */.K9, 'bytes in a history', 'A line for each blob that was ever archived has 72 bytes.'),
    workingFile: (0,build_base/* atMost */.Tu)(16 * build_base/* gibibyte */.K9, 'bytes in one file of the working directory', 'The largest file there is a layer of a catalog.'),
};

;// CONCATENATED MODULE: ./build/archive/links.js






async function namesIn(directory) {
    const names = await (0,promises_.readdir)(directory).catch(() => undefined);
    return names?.sort();
}
async function digestsIn(directory) {
    const algorithms = (await namesIn(directory)) ?? [];
    const all = await Promise.all(algorithms.map(async (algorithm) => {
        const names = (await namesIn(placeIn(directory, algorithm))) ?? [];
        return names.map((hex) => `${algorithm}:${hex}`).filter(oci/* isDigest */.Bc);
    }));
    return all.flat();
}
async function readLink(path) {
    const bytes = await readSmall(path, archiveLimits.link.most);
    const text = bytes && new TextDecoder().decode(bytes).trim();
    return text !== undefined && (0,oci/* isDigest */.Bc)(text) ? text : undefined;
}
async function writeLink(path, digest) {
    await writeSmall(path, digest, { durability: 'cached', mode: 0o644 });
}
async function remove(directory) {
    const isThere = (await namesIn(directory)) !== undefined;
    await (0,promises_.rm)(directory, { recursive: true, force: true });
    return isThere;
}
function openLinks(directory, name) {
    const at = (path) => placeIn(directory, path);
    const manifests = `${repositoryPath(name)}/_manifests`;
    const isLinked = async (path) => (await readLink(at(path))) !== undefined;
    return {
        hasLayer: (digest) => isLinked(layerLink(name, digest)),
        layers: () => digestsIn(at(`${repositoryPath(name)}/_layers`)),
        removeLayer: (digest) => remove((0,external_node_path_.dirname)(at(layerLink(name, digest)))),
        addLayer: (digest) => writeLink(at(layerLink(name, digest)), digest),
        hasRevision: (digest) => isLinked(revisionLink(name, digest)),
        addRevision: (digest) => writeLink(at(revisionLink(name, digest)), digest),
        removeRevision: (digest) => remove((0,external_node_path_.dirname)(at(revisionLink(name, digest)))),
        revisions: () => digestsIn(at(`${manifests}/revisions`)),
        tag: (tag) => readLink(at(tagLink(name, tag))),
        async setTag(tag, digest) {
            await writeLink(at(tagIndexLink(name, tag, digest)), digest);
            await writeLink(at(tagLink(name, tag)), digest);
        },
        removeTag: (tag) => remove(at(tagPath(name, tag))),
        tags: () => namesIn(at(`${manifests}/tags`)),
    };
}

;// CONCATENATED MODULE: ./build/archive/cache.js






async function findRepositories(directory, below = '') {
    const entries = await (0,promises_.readdir)(directory, { withFileTypes: true }).catch(() => []);
    const inner = entries.filter((one) => one.isDirectory() && !one.name.startsWith('_'));
    const found = await Promise.all(inner.map(({ name }) => findRepositories(`${directory}/${name}`, below === '' ? name : `${below}/${name}`)));
    const isOne = entries.some(({ name }) => name === '_manifests') && oci/* repositoryPattern */.Z0.test(below);
    return [...(isOne ? [below] : []), ...found.flat()].sort();
}
function openCache(directory) {
    const files = openBlobFiles(directory);
    const links = (name) => openLinks(directory, name);
    return {
        directory,
        files,
        links,
        repository: (registry, name) => cacheRepository({ registry, name, files, links: links(name) }),
        repositories: () => findRepositories(placeIn(directory, `${storeRoot}/repositories`)),
    };
}
const noTraffic = { requests: 0, writes: 0, retries: 0, bytesReceived: 0, bytesSent: 0 };
const nothing = { status: 404, body: new Uint8Array(), contentType: undefined };
function cacheRegistries(cache) {
    return withoutNetwork(cache.repository);
}
function withoutNetwork(repository) {
    return {
        repository,
        ping: async () => { },
        product: async () => ({ name: 'a directory', collect: '--force-cache-delete' }),
        get: async () => nothing,
        send: async () => nothing,
        traffic: () => noTraffic,
        close: async () => { },
    };
}
function cachedBefore(cached, upstream) {
    const { manifests, blobs, referrers } = cached;
    return {
        ...upstream,
        manifests: {
            ...upstream.manifests,
            resolve: async (reference) => (await manifests.resolve(reference)) ?? (await upstream.manifests.resolve(reference)),
            fetch: async (reference) => (await manifests.fetch(reference)) ?? (await upstream.manifests.fetch(reference)),
        },
        blobs: {
            ...upstream.blobs,
            fetch: async (descriptor) => (await blobs.exists(descriptor.digest))
                ? await blobs.fetch(descriptor)
                : await upstream.blobs.fetch(descriptor),
        },
        referrers: {
            async list(subject) {
                const known = await referrers.list(subject);
                return known.length > 0 ? known : await upstream.referrers.list(subject);
            },
        },
    };
}
function cachedFirst(cached, upstream) {
    return {
        ...upstream,
        repository: (registry, name, options) => cachedBefore(cached.repository(registry, name), upstream.repository(registry, name, options)),
    };
}

// EXTERNAL MODULE: ./build/image/index.js + 7 modules
var build_image = __webpack_require__(21180);
;// CONCATENATED MODULE: ./build/archive/cached-sources.js






async function readDigestTags(cache) {
    const found = new Map();
    for (const name of await cache.repositories()) {
        const links = cache.links(name);
        for (const tag of (await links.tags()) ?? []) {
            if (found.has(tag) || !(0,signature/* readAttachedTag */.$E)(tag))
                continue;
            const digest = await links.tag(tag);
            if (digest)
                found.set(tag, digest);
        }
    }
    return found;
}
async function digestOfTag(tag, place) {
    const { registry, name, cache, options } = place;
    if (!oci/* tagPattern */.bO.test(tag))
        return undefined;
    const known = options.names.get(`${registry}/${name}:${tag}`);
    const named = known && (await cache.links(known.repository).tag(known.tag));
    const found = named ?? (await cache.links(name).tag(tag));
    return found ?? (await place.digestTags()).get(tag);
}
async function readManifest(reference, place) {
    const digest = (0,oci/* isDigest */.Bc)(reference) ? reference : await digestOfTag(reference, place);
    return digest && (await place.cache.files.manifest(digest));
}
async function readReferrers(cache) {
    const found = new Map();
    for (const name of await cache.repositories()) {
        for (const [subject, one] of await listAllReferrers(cache.links(name), cache.files)) {
            found.set(subject, (found.get(subject) ?? new Map()).set(one.digest, one));
        }
    }
    return found;
}
function sourceAt(place) {
    const { registry, name, cache, options } = place;
    const exists = async (digest) => (await cache.files.size(digest)) !== undefined;
    const readOnly = (0,build_image/* readOnlyRepository */.Zn)(name, {
        place: registry,
        manifest: (reference) => readManifest(reference, place),
        exists,
        async blob(descriptor) {
            if (!(await exists(descriptor.digest)))
                throw lacksBlob(descriptor, options.where);
            return cache.files.stream(descriptor);
        },
    });
    const tags = async () => (await cache.links(name).tags()) ?? [];
    return {
        ...readOnly,
        tags: {
            ...readOnly.tags,
            list: tags,
            survey: async () => ({ tags: await tags(), list: 'complete' }),
        },
        referrers: {
            list: async (subject) => [...((await place.referrers()).get(subject)?.values() ?? [])],
        },
    };
}
function cachedSources(cache, options) {
    const tags = (0,build_base/* createOnce */.Ur)();
    const lists = (0,build_base/* createOnce */.Ur)();
    const means = {
        cache,
        options,
        digestTags: () => tags.run('', () => readDigestTags(cache)),
        referrers: () => lists.run('', () => readReferrers(cache)),
    };
    return withoutNetwork((registry, name) => sourceAt({ registry, name, ...means }));
}

;// CONCATENATED MODULE: ./build/archive/find-archive.js




const namePattern = /^(.*?)mirror_(\d{6})\.tar$/s;
function chunkName(prefix, number) {
    return `${prefix}mirror_${String(number).padStart(6, '0')}.tar`;
}
async function listChunks(directory) {
    const names = await (0,promises_.readdir)(directory).catch(() => []);
    const chunks = [];
    for (const name of names.sort()) {
        const [, prefix, digits] = namePattern.exec(name) ?? [];
        if (prefix === undefined || digits === undefined)
            continue;
        const path = (0,external_node_path_.join)(directory, name);
        const { size } = await (0,promises_.stat)(path);
        chunks.push({ path, prefix, number: Number(digits), size });
    }
    return chunks;
}
function missing(directory, number, prefix) {
    return new errors/* ContentError */.yg('ARCHIVE_INCOMPLETE', `The archive in ${directory} lacks ${chunkName(prefix, number)}.`, { hint: 'Copy all files of the archive into one directory; nothing was mirrored.' });
}
function ordered(directory, chunks) {
    const inOrder = chunks.toSorted((a, b) => a.number - b.number);
    inOrder.forEach(({ number, prefix }, index) => {
        if (number !== index + 1)
            throw missing(directory, index + 1, prefix);
    });
    return inOrder;
}
async function findArchives(directory) {
    const chunks = await listChunks(directory);
    if (chunks.length === 0) {
        throw new errors/* ContentError */.yg('ARCHIVE_MISSING', `There is no archive in "${directory}".`, {
            actual: directory,
            hint: 'Name the directory that has mirror_000001.tar.',
        });
    }
    const empty = chunks.find(({ size }) => size === 0);
    if (empty) {
        throw new errors/* ContentError */.yg('ARCHIVE_EMPTY', `The file ${empty.path} of the archive is empty.`, {
            actual: empty.path,
            hint: 'The file was not copied whole: copy it again. Nothing was mirrored.',
        });
    }
    const archives = [...Map.groupBy(chunks, ({ prefix }) => prefix)];
    return (0,build_base/* sortBy */.Ul)(archives, ([prefix]) => prefix).map(([, files]) => ordered(directory, files));
}

;// CONCATENATED MODULE: ./build/archive/notes.js



const headName = 'imageset-mirror-archive.json';
const tailName = 'imageset-mirror-files.json';
const format = '1.0';
function encodeHead(head) {
    return Buffer.from(`${JSON.stringify({ formatVersion: format, ...head })}\n`);
}
function encodeTail(files) {
    return Buffer.from(`${JSON.stringify({ formatVersion: format, files: Object.fromEntries(files) })}\n`);
}
function invalid(name) {
    return (why, cause) => new errors/* ContentError */.yg('ARCHIVE_INVALID', `${name} ${why}.`, {
        cause,
        hint: 'Get another copy of the archive, or write it again.',
    });
}
function decode(bytes, name) {
    const value = (0,build_base/* decodeObject */.gv)(bytes, { what: name, invalid: invalid(name) });
    if (!(0,build_base/* textOrEmpty */._c)(value['formatVersion']).startsWith('1.')) {
        throw new errors/* ContentError */.yg('ARCHIVE_INVALID', `${name} has a format that is not known here.`, {
            hint: 'Load it with the version of imageset-mirror that wrote it, or a newer one.',
        });
    }
    return value;
}
function count(value, least) {
    const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
    if (!isCount)
        throw invalid(headName)('has a number that is none');
    return value;
}
function decodeHead(bytes) {
    const value = decode(bytes, headName);
    return {
        stream: (0,build_base/* textOrEmpty */._c)(value['stream']),
        generation: count(value['generation'], 1),
        base: count(value['base'], 0),
        chunk: count(value['chunk'], 1),
        chunks: count(value['chunks'], 1),
    };
}
function decodeTail(bytes) {
    const files = Object.entries((0,build_base/* asObject */.eB)(decode(bytes, tailName)['files']));
    return new Map(files.map(([name, digest]) => {
        if (typeof digest === 'string' && (0,oci/* isDigest */.Bc)(digest))
            return [name, digest];
        throw invalid(tailName)(`has no valid digest for ${name}`);
    }));
}
function sayArchive({ stream, generation }) {
    return `generation ${generation} of "${stream}"`;
}

;// CONCATENATED MODULE: ./build/archive/entry-names.js



const workingTrees = [
    /^(?:signatures|release-images|hold-release|operator-catalogs|helm|graph-preparation)\//,
    /^internal\/[^/]+$/,
    /^(?:isc|disc)_pinned_[^/]+$/,
];
const workingRoot = 'working-dir/';
const maxPart = 255;
function taintedEntry(name, why) {
    const shown = JSON.stringify(name.slice(0, 200));
    return new errors/* ContentError */.yg('ARCHIVE_INVALID', `The entry ${shown} cannot be taken: it ${why}.`, {
        hint: 'No mirroring tool writes such an archive: find out where it comes from. Nothing was mirrored.',
    });
}
function checkName(name) {
    if (name.startsWith('/'))
        throw taintedEntry(name, 'begins at the root');
    if (/[\p{Cc}\\]/u.test(name)) {
        throw taintedEntry(name, 'has a character that no name here has');
    }
    for (const part of name.split('/')) {
        if (part === '..' || part === '.' || part === '') {
            throw taintedEntry(name, 'does not name its file plainly');
        }
        if (Buffer.byteLength(part) > maxPart)
            throw taintedEntry(name, 'has a part that is too long');
    }
}
function destinationOf(name) {
    checkName(name);
    if (name === headName || name === tailName)
        return { kind: 'note', name };
    if (name.startsWith(`${storeRoot}/`))
        return storeFileOf(name) ?? { kind: 'ignored' };
    if (!name.startsWith(workingRoot))
        return { kind: 'ignored' };
    const path = name.slice(workingRoot.length);
    const isWanted = workingTrees.some((tree) => tree.test(path));
    return isWanted ? { kind: 'working-file', path } : { kind: 'ignored' };
}

;// CONCATENATED MODULE: ./build/archive/file-sinks.js


function fileSink(target, unfinished) {
    const { path, expected, placed } = target;
    const digester = new oci/* Digester */.Y8(expected === undefined ? 'sha256' : (0,oci/* algorithmOf */.Hy)(expected));
    let writing;
    const started = async () => {
        writing ??= await unfinished.begin(path);
        return writing;
    };
    return {
        async write(chunk) {
            digester.update(chunk);
            await (await started()).write(chunk);
        },
        async end() {
            const file = await started();
            const digest = digester.end();
            if (expected !== undefined && digest !== expected)
                throw (0,content/* wrongBytes */.f7)(expected, digest);
            await file.place();
            placed(digest);
        },
    };
}
function digestSink(done) {
    const digester = new oci/* Digester */.Y8();
    return {
        write: async (chunk) => digester.update(chunk),
        end: async () => done(digester.end()),
    };
}

;// CONCATENATED MODULE: ./build/archive/read-chunk.js











function linkSink(name, { unpacked, listed }) {
    return (0,content/* memorySink */.jz)((bytes) => {
        const text = bytes.toString('latin1').trim();
        if (!(0,oci/* isDigest */.Bc)(text))
            throw taintedEntry(name, 'is a link to no digest');
        const hex = /\/sha(?:256|512)\/([0-9a-f]+)\/link$/.exec(name)?.[1];
        if (hex !== undefined && !text.endsWith(`:${hex}`)) {
            throw taintedEntry(name, 'is a link to another digest than its name says');
        }
        listed.set(name, (0,oci/* digestOf */.ol)(bytes));
        unpacked.links.set(name, text);
    });
}
function noteSink(name, { notes, unpacked }) {
    return (0,content/* memorySink */.jz)((bytes) => {
        if (name === tailName)
            notes.tail = decodeTail(bytes);
        else {
            notes.head = decodeHead(bytes);
            unpacked.heads.push(notes.head);
        }
    });
}
function workingSink(name, path, { unpacked, listed, places }) {
    const target = {
        path: (0,external_node_path_.join)(places.staging, ...path.split('/')),
        placed: (digest) => {
            listed.set(name, digest);
            unpacked.workingFiles.add(path);
        },
    };
    return fileSink(target, places.unfinished);
}
function sinkFor({ name, size }, reading) {
    const { unpacked, places, listed } = reading;
    const destination = destinationOf(name);
    switch (destination.kind) {
        case 'blob': {
            const { digest } = destination;
            const path = placeIn(places.cache, blobPath(digest));
            const placed = () => void unpacked.blobs.set(digest, size);
            return fileSink({ path, expected: digest, placed }, places.unfinished);
        }
        case 'link':
            (0,build_base/* checkLimit */.ab)(`The entry ${name}`, size, archiveLimits.link);
            return linkSink(name, reading);
        case 'note':
            (0,build_base/* checkLimit */.ab)(`The entry ${name}`, size, archiveLimits.note);
            return noteSink(name, reading);
        case 'working-file':
            (0,build_base/* checkLimit */.ab)(`The entry ${name}`, size, archiveLimits.workingFile);
            return workingSink(name, destination.path, reading);
        case 'ignored':
            return digestSink((digest) => void listed.set(name, digest));
    }
}
function visit(entry, reading) {
    const { name, kind } = entry;
    if (kind === 'directory')
        return undefined;
    if (kind !== 'file')
        throw taintedEntry(name, `is a ${kind === 'unknown' ? 'special file' : kind}`);
    if (reading.unpacked.names.has(name)) {
        if (destinationOf(name).kind !== 'note')
            throw taintedEntry(name, 'stands there twice');
    }
    reading.unpacked.names.add(name);
    return sinkFor(entry, reading);
}
function checkTail({ listed, notes }) {
    const { head, tail } = notes;
    if (!head)
        return;
    if (!tail)
        throw new Error('it ends before its last entry: it was cut off');
    for (const [name, digest] of tail) {
        if (listed.get(name) !== digest)
            throw new Error(`${name} is damaged or missing`);
    }
    const surplus = [...listed.keys()].find((name) => !tail.has(name));
    if (surplus !== undefined)
        throw new Error(`${surplus} is not among its files`);
}
function broken({ path }, cause) {
    if ((0,build_base/* isSystemError */.Or)(cause))
        return cause;
    if (cause instanceof errors/* MirrorError */.En && !(cause instanceof errors/* ContentError */.yg))
        return cause;
    const known = cause instanceof errors/* ContentError */.yg ? cause : undefined;
    return new errors/* ContentError */.yg(known?.code ?? 'ARCHIVE_INVALID', `${path}: ${(0,errors/* messageOf */.bD)(cause)}`, {
        cause,
        expected: known?.expected,
        actual: known?.actual,
        hint: known?.hint ?? 'Copy the archive again, or write it again. Nothing was mirrored.',
    });
}
async function readChunk(chunk, unpacked, places) {
    const reading = { unpacked, places, listed: new Map(), notes: {} };
    try {
        const bytes = (0,external_node_fs_.createReadStream)(chunk.path, { highWaterMark: 256 * 1024 });
        const { entries, file } = archiveLimits;
        const end = await (0,content/* visitTar */.VR)(bytes, (entry) => visit(entry, reading), { entries, file });
        if (end === 'unmarked')
            throw new Error('it was cut off: the mark of its end is missing');
        checkTail(reading);
        checkNumber(chunk, reading);
    }
    catch (cause) {
        await places.unfinished.drop();
        throw broken(chunk, cause);
    }
}
function checkNumber({ number }, { notes: { head } }) {
    if (!head || head.chunk === number)
        return;
    throw new Error(`it is file ${head.chunk} of its archive and not ${number}; ${headName} says so`);
}

;// CONCATENATED MODULE: ./build/archive/load-archive.js










function emptyUnpacked() {
    return {
        links: new Map(),
        blobs: new Map(),
        workingFiles: new Set(),
        names: new Set(),
        heads: [],
    };
}
function checkHeads(heads, files) {
    const [first] = heads;
    if (!first)
        return;
    const same = (one) => one.stream === first.stream &&
        one.generation === first.generation &&
        one.chunks === first.chunks;
    const other = heads.find((one) => !same(one));
    if (other || heads.length !== files.length) {
        const names = [first, ...(other ? [other] : [])].map(sayArchive).join(' and ');
        throw new errors/* ContentError */.yg('ARCHIVE_INVALID', `The files are of several archives: ${names}.`, {
            hint: 'Copy the files of one archive alone into the directory. Nothing was mirrored.',
        });
    }
    if (first.chunks > files.length) {
        const name = chunkName(files[0]?.prefix ?? '', files.length + 1);
        throw new errors/* ContentError */.yg('ARCHIVE_INCOMPLETE', `The archive (${sayArchive(first)}) has ${first.chunks} files; ${name} is missing.`, { hint: 'Copy all files of the archive into one directory. Nothing was mirrored.' });
    }
}
async function settle(unpacked, staging, request) {
    const { cache, workingDirectory } = request;
    for (const [path, digest] of unpacked.links) {
        await writeLink(placeIn(cache.directory, path), digest);
    }
    for (const path of unpacked.workingFiles) {
        const parts = path.split('/');
        await moveTo((0,external_node_path_.join)(workingDirectory, ...parts), (0,external_node_path_.join)(staging, ...parts));
    }
}
async function loadOne(files, request, { index: first, total }) {
    const { cache, workingDirectory } = request;
    const unpacked = emptyUnpacked();
    const staging = (0,build_base/* temporaryName */.NT)((0,external_node_path_.join)(workingDirectory, 'loading'));
    const places = { cache: cache.directory, staging, unfinished: new Unfinished() };
    try {
        for (const [index, file] of files.entries()) {
            request.onChunk(file, first + index + 1, total);
            await readChunk(file, unpacked, places);
        }
        checkHeads(unpacked.heads, files);
        await settle(unpacked, staging, request);
    }
    finally {
        await (0,promises_.rm)(staging, { recursive: true, force: true }).catch(() => { });
    }
    const [head] = unpacked.heads;
    const { stream = '', generation = 1, base = 0 } = head ?? {};
    return {
        ...(head && { name: { stream, generation, base } }),
        paths: files.map(({ path }) => path),
        blobs: unpacked.blobs.size,
        bytes: [...unpacked.blobs.values()].reduce((sum, size) => sum + size, 0),
    };
}
async function loadArchives(request) {
    const archives = await findArchives(request.directory);
    const total = archives.flat().length;
    let index = 0;
    let last;
    for (const files of archives) {
        last = await loadOne(files, request, { index, total });
        index += files.length;
    }
    if (!last)
        throw new errors/* InvariantError */.zU('A directory without archives was searched for the last one.');
    return last;
}

;// CONCATENATED MODULE: ./build/archive/prune.js



async function prune_readManifest(digest, { files }) {
    try {
        return await files.manifest(digest);
    }
    catch (thrown) {
        if (thrown instanceof errors/* ContentError */.yg)
            return 'unclear';
        throw thrown;
    }
}
async function mark(digest, kept, cache) {
    const open = [digest];
    for (const one of open) {
        if (kept.manifests.has(one))
            continue;
        kept.manifests.add(one);
        const manifest = await prune_readManifest(one, cache);
        if (manifest === 'unclear')
            kept.isUnclear = true;
        if (manifest === undefined || manifest === 'unclear')
            continue;
        const { blobs, children } = (0,oci/* successors */.ir)(manifest);
        for (const blob of blobs)
            kept.blobs.add(blob.digest);
        for (const child of children)
            open.push(child.digest);
    }
}
async function subjectOf(tag, links) {
    const subject = (0,signature/* readAttachedTag */.$E)(tag)?.subject;
    return subject && (await links.tag(tag)) !== subject ? subject : undefined;
}
async function attachedByTag({ links, manifests }) {
    const found = [];
    for (const tag of (await links.tags()) ?? []) {
        const subject = await subjectOf(tag, links);
        const digest = subject && manifests.has(subject) ? await links.tag(tag) : undefined;
        if (digest)
            found.push(digest);
    }
    return found;
}
async function attachedBySubject(kept, cache) {
    const found = [];
    for (const digest of await kept.links.revisions()) {
        if (kept.manifests.has(digest))
            continue;
        const manifest = await prune_readManifest(digest, cache);
        if (manifest === 'unclear')
            kept.isUnclear = true;
        else if (manifest?.subject && kept.manifests.has(manifest.subject.digest))
            found.push(digest);
    }
    return found;
}
async function markAttached(kept, cache) {
    for (let before = -1; before !== kept.manifests.size;) {
        before = kept.manifests.size;
        const attached = [...(await attachedByTag(kept)), ...(await attachedBySubject(kept, cache))];
        for (const digest of attached)
            await mark(digest, kept, cache);
    }
}
async function sweep({ links, manifests, blobs }) {
    const gone = { tags: 0, manifests: 0 };
    for (const tag of (await links.tags()) ?? []) {
        const digest = await links.tag(tag);
        if (digest && manifests.has(digest))
            continue;
        await links.removeTag(tag);
        gone.tags += 1;
    }
    for (const digest of await links.revisions()) {
        if (manifests.has(digest))
            continue;
        await links.removeRevision(digest);
        gone.manifests += 1;
    }
    for (const digest of await links.layers()) {
        if (!blobs.has(digest))
            await links.removeLayer(digest);
    }
    return gone;
}
async function pruneRepository(name, cache) {
    const links = cache.links(name);
    const kept = { links, manifests: new Set(), blobs: new Set(), isUnclear: false };
    for (const tag of (await links.tags()) ?? []) {
        const digest = (await subjectOf(tag, links)) ? undefined : await links.tag(tag);
        if (digest)
            await mark(digest, kept, cache);
    }
    await markAttached(kept, cache);
    const gone = kept.isUnclear ? { tags: 0, manifests: 0 } : await sweep(kept);
    return { gone, needed: [...(await links.revisions()), ...(await links.layers())] };
}
async function pruneCache(cache, places) {
    const pruned = { tags: 0, manifests: 0, blobs: 0, bytes: 0 };
    for (const { repository, tag } of places) {
        if (await cache.links(repository).removeTag(tag))
            pruned.tags += 1;
    }
    const needed = new Set();
    for (const name of await cache.repositories()) {
        const found = await pruneRepository(name, cache);
        pruned.tags += found.gone.tags;
        pruned.manifests += found.gone.manifests;
        for (const digest of found.needed)
            needed.add(digest);
    }
    for (const digest of await cache.files.digests()) {
        if (needed.has(digest))
            continue;
        pruned.bytes += (await cache.files.size(digest)) ?? 0;
        pruned.blobs += 1;
        await cache.files.remove(digest);
    }
    return pruned;
}

;// CONCATENATED MODULE: ./build/archive/chunks.js


function fileOfBytes(name, bytes) {
    return { name, size: bytes.byteLength, open: () => (0,build_base/* oneChunk */.wX)(bytes) };
}
function archiveSizeFor(bytes) {
    return Math.max(1, Math.ceil(bytes / build_base/* gibibyte */.K9));
}
function tooSmall(files, { most }) {
    const [first] = files;
    const largest = Math.max(...files.map(({ size }) => size));
    const more = files.length > 1 ? ` (and ${files.length - 1} more)` : '';
    return new errors/* ContentError */.yg('ARCHIVE_SIZE', `A file of the archive may have ${most} bytes, and ${first?.name}${more} has ${largest}.`, {
        expected: `${most / build_base/* gibibyte */.K9}G`,
        actual: `${largest} bytes`,
        hint: `Set archiveSize to at least ${archiveSizeFor(largest)}, or leave out --strict-archive. The archive before is still there.`,
    });
}
function cutIntoChunks(files, rules) {
    const large = files.filter(({ size }) => size > rules.most);
    if (rules.large === 'refuse' && large.length > 0)
        throw tooSmall(large, rules);
    let open = [];
    const chunks = [open];
    let filled = 0;
    for (const file of files) {
        if (file.size > rules.most) {
            chunks.push([file]);
            continue;
        }
        if (filled + file.size > rules.most) {
            open = [];
            chunks.push(open);
            filled = 0;
        }
        open.push(file);
        filled += file.size;
    }
    return chunks.filter((chunk) => chunk.length > 0);
}

// EXTERNAL MODULE: ./build/mirror/index.js + 10 modules
var mirror = __webpack_require__(56315);
;// CONCATENATED MODULE: ./build/archive/gather.js








const parallel = 16;
function lost(image, digest) {
    const { repository, tag } = image;
    return new errors/* ContentError */.yg('ARCHIVE_INCOMPLETE', `The cache lacks ${digest} of ${repository}:${tag}, so it cannot be archived.`, { hint: 'Run again: what the cache lacks is fetched again.' });
}
class Gathering {
    links = new Map();
    blobs = new Map();
    #cache;
    #seen = new Map();
    constructor(cache) {
        this.#cache = cache;
    }
    async #take(image, manifest) {
        const { repository } = image;
        const { digest, size } = manifest.descriptor;
        const seen = this.#seen.get(repository) ?? new Set();
        this.#seen.set(repository, seen.add(digest));
        this.links.set(revisionLink(repository, digest), digest);
        this.blobs.set(digest, size);
        const lostBlob = await findLostBlob(manifest, this.#cache.files);
        if (lostBlob)
            throw lost(image, lostBlob);
        for (const blob of (0,oci/* successors */.ir)(manifest).blobs) {
            this.links.set(layerLink(repository, blob.digest), blob.digest);
            this.blobs.set(blob.digest, blob.size);
        }
    }
    async addGraph(image) {
        const read = (digest) => this.#cache.files.manifest(digest);
        const nodes = await (0,mirror/* walk */.GG)(image.digest, { read, platforms: image.platforms });
        for (const node of nodes) {
            if ((0,mirror/* isLost */.JD)(node))
                throw lost(image, node.digest);
            if (node.manifest)
                await this.#take(image, node.manifest);
        }
    }
    async addTagged(image) {
        const { repository, tag, digest } = image;
        this.links.set(tagIndexLink(repository, tag, digest), digest);
        this.links.set(tagLink(repository, tag), digest);
        await this.addGraph(image);
    }
    #isAbout(repository, subject) {
        return this.#seen.get(repository)?.has(subject) ?? false;
    }
    async addCompanions(repository) {
        const before = this.links.size;
        const links = this.#cache.links(repository);
        for (const tag of (await links.tags()) ?? [])
            await this.#addCompanion(repository, tag);
        for (const digest of await links.revisions()) {
            const manifest = await readAny(digest, this.#cache.files);
            const subject = manifest && (0,oci/* successors */.ir)(manifest).subject?.digest;
            if (!subject || !this.#isAbout(repository, subject))
                continue;
            await this.addGraph({ repository, tag: digest, digest });
        }
        return this.links.size > before;
    }
    async #addCompanion(repository, tag) {
        const named = (0,signature/* readAttachedTag */.$E)(tag);
        if (!named || !this.#isAbout(repository, named.subject))
            return;
        const digest = await this.#cache.links(repository).tag(tag);
        if (!digest)
            return;
        if (named.form === 'referrers' && !(await this.#isIndex(digest)))
            return;
        await this.addTagged({ repository, tag, digest });
    }
    async #isIndex(digest) {
        return (await readAny(digest, this.#cache.files))?.kind === 'index';
    }
}
const maxRounds = 4;
async function gatherContent(cache, images) {
    const gathering = new Gathering(cache);
    await (0,build_base/* mapParallel */.EQ)(images, parallel, (image) => gathering.addTagged(image));
    const repositories = [...new Set(images.map(({ repository }) => repository))];
    for (const repository of repositories) {
        for (let round = 0; round < maxRounds; round += 1) {
            if (!(await gathering.addCompanions(repository)))
                break;
        }
    }
    return gathering;
}

;// CONCATENATED MODULE: ./build/archive/history.js







const directoryName = '.history';
const filePattern = /^\.history-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))$/;
async function listFiles(directory) {
    const names = await (0,promises_.readdir)(directory).catch(() => []);
    const files = names.flatMap((name) => {
        const [, time = ''] = filePattern.exec(name) ?? [];
        const at = Date.parse(time);
        return Number.isNaN(at) ? [] : [{ name, at }];
    });
    return files.sort((a, b) => a.at - b.at);
}
async function readDigests(path) {
    const bytes = await readSmall(path, archiveLimits.history.most);
    if (!bytes)
        throw unreadable(path, 'it cannot be read');
    const lines = new TextDecoder()
        .decode(bytes)
        .split('\n')
        .map((line) => line.trim());
    const digests = lines.filter(oci/* isDigest */.Bc);
    if (digests.length !== lines.filter((line) => line !== '').length) {
        throw unreadable(path, 'it has lines that are no digests');
    }
    return new Set(digests);
}
function unreadable(path, why) {
    return new errors/* ContentError */.yg('ARCHIVE_INVALID', `The history ${path} cannot be used: ${why}.`, {
        hint: 'Remove the directory .history to archive everything again.',
    });
}
async function readHistory(workingDirectory, since) {
    const directory = (0,external_node_path_.join)(workingDirectory, directoryName);
    const files = await listFiles(directory);
    const before = since === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${since}T00:00:00Z`);
    const usable = files.filter(({ at }) => at < before);
    const last = usable.at(-1);
    return {
        blobs: last ? await readDigests((0,external_node_path_.join)(directory, last.name)) : new Set(),
        base: usable.length,
        generation: files.length + 1,
    };
}
async function writeHistory(workingDirectory, stamp, blobs) {
    const path = (0,external_node_path_.join)(workingDirectory, directoryName, `.history-${stamp}`);
    await writeSmall(path, `${(0,build_base/* sortedUnique */.Z$)(blobs).join('\n')}\n`, { durability: 'synced' });
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(57075);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(46466);
// EXTERNAL MODULE: ./node_modules/tar-stream/index.js
var tar_stream = __webpack_require__(56118);
;// CONCATENATED MODULE: ./build/archive/write-chunk.js











const epoch = new Date(0);
async function addFile(tar, { name, size, open: openFile }) {
    const entry = tar.entry({ name, size, mode: 0o644, mtime: epoch, uid: 0, gid: 0 });
    const digester = new oci/* Digester */.Y8();
    async function* digested() {
        for await (const chunk of openFile()) {
            digester.update(chunk);
            yield chunk;
        }
    }
    await (0,external_node_stream_promises_.pipeline)(external_node_stream_.Readable.from(digested(), { objectMode: false }), entry);
    return digester.end();
}
async function fill(tar, head, files) {
    await addFile(tar, fileOfBytes(headName, encodeHead(head)));
    const listed = new Map();
    for (const file of files) {
        const digest = await addFile(tar, file);
        if (storeFileOf(file.name)?.kind !== 'blob')
            listed.set(file.name, digest);
    }
    await addFile(tar, fileOfBytes(tailName, encodeTail(listed)));
    tar.finalize();
}
async function sync(path) {
    const file = await (0,promises_.open)(path, 'r+');
    try {
        await file.sync();
    }
    finally {
        await file.close();
    }
}
function cannotWrite(path, cause) {
    return (0,build_base/* storageError */.QX)(`${path} cannot be written: ${(0,errors/* messageOf */.bD)(cause)}`, cause, 'The archive needs as much room as what is new in it; the earlier archive is still there.');
}
async function writeChunk(path, head, files) {
    const tar = (0,tar_stream.pack)();
    const writing = (0,external_node_stream_promises_.pipeline)(tar, (0,external_node_fs_.createWriteStream)(path));
    const filling = fill(tar, head, files).catch((cause) => {
        tar.destroy(cause instanceof Error ? cause : new Error((0,errors/* messageOf */.bD)(cause)));
        throw cause;
    });
    const [filled, written] = await Promise.allSettled([filling, writing]);
    try {
        if (written.status === 'rejected' && (0,build_base/* isSystemError */.Or)(written.reason))
            throw written.reason;
        if (filled.status === 'rejected')
            throw filled.reason;
        if (written.status === 'rejected')
            throw written.reason;
        await sync(path);
    }
    catch (cause) {
        await (0,promises_.rm)(path, { force: true }).catch(() => { });
        throw (0,build_base/* isSystemError */.Or)(cause) ? cannotWrite(path, cause) : cause;
    }
}

;// CONCATENATED MODULE: ./build/archive/write-archive.js










const leftOut = [
    /^(?:content|plan|logs|dry-run|delete|\.history)(?:\/|$)/,
    /^operator-catalogs\/[0-9a-f]{64,128}(?:\/|$)/,
    /\.tmp$/,
];
async function write_archive_listFiles(root, directory = root) {
    const entries = await (0,promises_.readdir)(directory, { withFileTypes: true }).catch(() => []);
    const found = [];
    for (const entry of entries) {
        const path = (0,external_node_path_.join)(directory, entry.name);
        const name = (0,external_node_path_.relative)(root, path).replaceAll(external_node_path_.sep, '/');
        if (leftOut.some((pattern) => pattern.test(name)))
            continue;
        if (entry.isDirectory())
            found.push(...(await write_archive_listFiles(root, path)));
        else if (entry.isFile())
            found.push(path);
    }
    return found.sort();
}
async function workingFiles(root) {
    const files = [];
    for (const path of await write_archive_listFiles(root)) {
        const { size } = await (0,promises_.stat)(path);
        const name = `working-dir/${(0,external_node_path_.relative)(root, path).replaceAll(external_node_path_.sep, '/')}`;
        const open = () => size === 0 ? (0,build_base/* oneChunk */.wX)(Buffer.alloc(0)) : (0,external_node_fs_.createReadStream)(path, { end: size - 1 });
        files.push({ name, size, open });
    }
    return files;
}
async function listArchive({ cache, workingDirectory, configuration, stamp }, { links }, blobs) {
    const linked = [...links].map(([path, digest]) => fileOfBytes(path, Buffer.from(digest)));
    return [
        ...(0,build_base/* sortBy */.Ul)(linked, ({ name }) => name),
        ...blobs.map(([digest, size]) => ({
            name: blobPath(digest),
            size,
            open: () => cache.files.stream({ digest, size }),
        })),
        ...(await workingFiles(workingDirectory)),
        fileOfBytes(`isc_${stamp}`, Buffer.from(configuration)),
    ];
}
function prefixOf({ stream, generation }) {
    return `${stream}-g${String(generation).padStart(4, '0')}-`;
}
async function forgetUnfinished(directory) {
    const names = await (0,promises_.readdir)(directory).catch(() => []);
    for (const name of names.filter((one) => /mirror_\d{6}\.tar\.tmp$/.test(one))) {
        await (0,promises_.rm)((0,external_node_path_.join)(directory, name), { force: true });
    }
}
async function publish(directory, prefix, written) {
    const before = await listChunks(directory);
    const paths = written.map((_, index) => (0,external_node_path_.join)(directory, chunkName(prefix, index + 1)));
    try {
        for (const [index, path] of paths.entries())
            await (0,promises_.rename)(written[index] ?? path, path);
    }
    catch (cause) {
        throw cannotWrite(directory, cause);
    }
    const isOld = (path) => !paths.includes(path);
    const own = before.filter((one) => one.prefix === prefix).map(({ path }) => path);
    for (const path of own.filter(isOld))
        await (0,promises_.rm)(path, { force: true });
    await forgetUnfinished(directory);
    return paths;
}
async function writeAll(chunks, name, { directory, prefix }) {
    await (0,promises_.mkdir)(directory, { recursive: true }).catch((cause) => {
        throw cannotWrite(directory, cause);
    });
    const written = [];
    try {
        for (const [index, files] of chunks.entries()) {
            const chunk = index + 1;
            const path = (0,external_node_path_.join)(directory, `${chunkName(prefix, chunk)}.tmp`);
            await writeChunk(path, { ...name, chunk, chunks: chunks.length }, files);
            written.push(path);
        }
        return written;
    }
    catch (thrown) {
        for (const path of written)
            await (0,promises_.rm)(path, { force: true }).catch(() => { });
        throw thrown;
    }
}
async function writeArchive(request) {
    const { cache, images, directory, workingDirectory, since, rules, stamp, stream } = request;
    const { blobs: known, base, generation } = await readHistory(workingDirectory, since);
    const content = await gatherContent(cache, images);
    const all = (0,build_base/* sortBy */.Ul)(content.blobs, ([digest]) => digest);
    const blobs = all.filter(([digest]) => !known.has(digest));
    const assumed = all.length - blobs.length;
    const files = await listArchive(request, content, blobs);
    const chunks = cutIntoChunks(files, rules);
    const large = files.filter(({ size }) => size > rules.most);
    const name = { stream, generation, base: assumed === 0 ? 0 : base };
    const prefix = request.naming === 'stream' ? prefixOf(name) : '';
    const written = await writeAll(chunks, name, { directory, prefix });
    const paths = await publish(directory, prefix, written);
    await writeHistory(workingDirectory, stamp, [...known, ...blobs.map(([digest]) => digest)]);
    return {
        ...name,
        paths,
        blobs: blobs.length,
        bytes: blobs.reduce((sum, [, size]) => sum + size, 0),
        assumed,
        large,
        neededSize: large.length === 0 ? 0 : archiveSizeFor(Math.max(...large.map(({ size }) => size))),
    };
}

;// CONCATENATED MODULE: ./build/archive/index.js








/***/ })

};
