export const id = 313;
export const ids = [313];
export const modules = {

/***/ 25313:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  archiveImages: () => (/* reexport */ archiveImages),
  cacheAsTarget: () => (/* reexport */ cacheAsTarget),
  checkArchive: () => (/* reexport */ checkArchive),
  findUncached: () => (/* reexport */ findUncached),
  knownFromCache: () => (/* reexport */ knownFromCache),
  openArchive: () => (/* reexport */ openArchive),
  placesInCache: () => (/* reexport */ placesInCache)
});

// EXTERNAL MODULE: ./build/archive/index.js + 20 modules
var archive = __webpack_require__(24866);
// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var base = __webpack_require__(48665);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(19473);
// EXTERNAL MODULE: ./build/imageset/index.js + 41 modules
var imageset = __webpack_require__(12362);
// EXTERNAL MODULE: ./build/mirror/index.js + 10 modules
var mirror = __webpack_require__(56315);
// EXTERNAL MODULE: ./build/oci/index.js + 5 modules
var oci = __webpack_require__(97402);
// EXTERNAL MODULE: ./build/plan/index.js + 25 modules
var build_plan = __webpack_require__(33808);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
;// CONCATENATED MODULE: ./build/run/disk/disk-names.js




function named(image, placeOf) {
    try {
        const spec = (0,imageset/* parseImageSpec */.EO)(image);
        const { registry, repository, tag, digest } = (0,imageset/* pullSource */.l1)(spec);
        if (tag === undefined || digest !== undefined)
            return [];
        return [[`${registry}/${repository}:${tag}`, placeOf()]];
    }
    catch {
        return [];
    }
}
function releaseNames({ mirror }) {
    const release = mirror.platform?.release;
    if (release === undefined)
        return [];
    return named(release, () => (0,imageset/* releasePlace */.XB)('', (0,imageset/* parseImageSpec */.EO)(release).tag));
}
function namesOfOne(imageSet) {
    const { operators = [], additionalImages = [] } = imageSet.mirror;
    return [
        ...operators.flatMap((entry) => named(entry.catalog, () => {
            const { repository, tag = '' } = (0,imageset/* parseCatalogReference */.sP)(entry);
            return { repository, tag };
        })),
        ...additionalImages.flatMap((image) => named(image.name, () => (0,imageset/* additionalPlace */.dJ)('', image, (0,imageset/* parseImageSpec */.EO)(image.name)))),
        ...releaseNames(imageSet),
    ];
}
function cachedNames(imageSets) {
    return new Map(imageSets.flatMap(namesOfOne));
}
function placementNames(placements, prefix) {
    const beginning = prefix === '' ? '' : `${prefix}/`;
    return new Map(placements.flatMap(({ source, target }) => {
        const isNamed = source.tag !== undefined && source.digest === undefined;
        if (!isNamed || !target.repository.startsWith(beginning))
            return [];
        const repository = target.repository.slice(beginning.length);
        const { tag } = target;
        return [[(0,oci/* formatReference */.FH)(source), { repository, tag }]];
    }));
}
async function unverifiedTag(name, cache, workspace) {
    const directory = (0,external_node_path_.join)(workspace, 'hold-release', `${name}@sha256`);
    const saved = await (0,promises_.readdir)(directory).catch(() => []);
    const tags = (await cache.links((0,imageset/* releasePlace */.XB)('', '').repository).tags()) ?? [];
    const [only = '', ...others] = saved.filter((digest) => tags.includes(digest));
    return others.length === 0 ? only : '';
}
async function unverifiedNames(imageSets, cache, workspace) {
    const names = new Map();
    for (const [name, place] of imageSets.flatMap(releaseNames)) {
        if (await cache.links(place.repository).tag(place.tag))
            continue;
        const tag = await unverifiedTag((0,oci/* splitName */.W0)(external_node_path_.posix.basename(name)).name, cache, workspace);
        if (tag !== '')
            names.set(name, { ...place, tag });
    }
    return names;
}

;// CONCATENATED MODULE: ./build/run/disk/from-disk.js








async function openArchive({ cache: directory, directory: from }, { settings, imageSets }, listener) {
    const cache = (0,archive.openCache)(directory);
    const loaded = await (0,archive/* loadArchives */.Sj)({
        directory: from,
        cache,
        workingDirectory: settings.workspace,
        onChunk: ({ path }, index, total) => listener({ type: 'loading', path, index, total }),
    });
    const names = new Map([
        ...cachedNames(imageSets),
        ...(await unverifiedNames(imageSets, cache, settings.workspace)),
    ]);
    const sources = (0,archive/* cachedSources */.Zx)(cache, { names, where: 'the archive' });
    const learn = (placements, prefix) => {
        for (const [name, place] of placementNames(placements, prefix)) {
            if (!names.has(name))
                names.set(name, place);
        }
    };
    return { loaded, cache, disk: { side: 'source', sources }, learn };
}
function knownFromCache(directory, imageSet) {
    const names = cachedNames([imageSet]);
    const sources = (0,archive/* cachedSources */.Zx)((0,archive.openCache)(directory), { names, where: 'the cache' });
    return { side: 'before-source', join: (upstream) => (0,archive/* cachedFirst */.H_)(sources, upstream) };
}
function incompleteArchive(lost, { name, paths }) {
    const parts = lost.map(({ part, image }) => `${part} of ${image}`);
    const own = name ? ` (${(0,archive/* sayArchive */.OR)(name)})` : '';
    const builds = name && name.base > 0 ? `, which builds on generation ${name.base},` : '';
    const message = `The archive ${paths[0] ?? ''}${own}${builds} lacks ${(0,base/* listNames */.Zv)(parts, 3)}; neither the cache nor the target has them.`;
    const first = name && name.base > 0
        ? `Load generation ${name.base} of "${name.stream}" first`
        : 'Load the archives before this one first';
    return new errors/* ContentError */.yg('ARCHIVE_INCOMPLETE', message, {
        hint: `${first}, load with the configuration that was archived, or write a whole archive: remove working-dir/.history where it is written. Nothing was mirrored.`,
    });
}
async function findLost(change, cache, { endpoints }) {
    const { repository, digest, platforms } = change;
    const target = endpoints.target.repository(endpoints.registry, repository);
    const image = (0,imageset/* placeKey */.r4)(change);
    const nodes = await (0,mirror/* walk */.GG)(digest, {
        read: (one) => cache.files.manifest(one),
        platforms: platforms?.map(build_plan/* parsePlatform */.FL),
    });
    const lost = [];
    for (const node of nodes) {
        if ((0,mirror/* isLost */.JD)(node))
            lost.push({ part: node.digest, image });
        for (const blob of node.manifest ? (0,oci/* successors */.ir)(node.manifest).blobs : []) {
            if ((await cache.files.size(blob.digest)) === blob.size)
                continue;
            if (!(await target.blobs.exists(blob.digest)))
                lost.push({ part: blob.digest, image });
        }
    }
    return lost;
}
async function checkArchive({ plan, pinned }, { cache, loaded }, session) {
    const unnamed = pinned.failures.map(({ placement: { source, target } }) => ({
        part: source.digest ?? `the image ${source.repository}:${source.tag ?? ''}`,
        image: (0,imageset/* placeKey */.r4)(target),
    }));
    if (unnamed.length > 0)
        throw incompleteArchive(unnamed, loaded);
    const moves = plan.changes.filter(build_plan/* isBring */.P8);
    const lost = await (0,base/* mapParallel */.EQ)(moves, session.endpoints.parallel, async (change) => change.source.startsWith(`${imageset/* workspaceRegistry */.p4}/`) ? [] : await findLost(change, cache, session));
    if (lost.flat().length > 0)
        throw incompleteArchive(lost.flat(), loaded);
}

// EXTERNAL MODULE: ./build/catalog/index.js + 42 modules
var build_catalog = __webpack_require__(77899);
// EXTERNAL MODULE: ./build/log.js
var log = __webpack_require__(36650);
;// CONCATENATED MODULE: ./build/run/disk/to-disk.js








const defaultArchiveSize = 500;
function cacheAsTarget(directory) {
    return { side: 'target', targets: (0,archive/* cacheRegistries */.m5)((0,archive.openCache)(directory)) };
}
function placesInCache(placement) {
    const { staging, ...rest } = placement;
    if (!staging)
        return [placement];
    const { place, source, repository, rebuiltTag: tag } = staging;
    const original = { ...rest, source, target: place };
    if (tag === undefined)
        return [original];
    return [
        { ...original, staging },
        { ...rest, target: { repository, tag } },
    ];
}
async function writeFileIn(directory, name, text) {
    await (0,promises_.mkdir)(directory, { recursive: true });
    await (0,base/* writeAtomically */.vK)((0,external_node_path_.join)(directory, name), text, { durability: 'cached', mode: 0o644 });
}
async function shareFiltered({ catalog, name, tag, image }, root) {
    const directory = (0,external_node_path_.join)(root, external_node_path_.posix.basename(name), (0,oci/* hexOf */.ZD)(catalog.digest), 'filtered-catalogs', tag);
    for await (const one of (0,build_catalog/* renderCatalog */.ek)(catalog.reader, catalog.filtered)) {
        await writeFileIn((0,external_node_path_.join)(directory, 'catalog-config', one.name), 'catalog.json', `${one.texts.join('\n')}\n`);
    }
    await writeFileIn(directory, 'digest', (0,oci/* hexOf */.ZD)(image.content.digest));
}
function filteredOf({ catalogs = [], imageSet, placements }, pinned) {
    return placements.flatMap((placement) => {
        const { staging, causes } = placement;
        const tag = staging?.rebuiltTag;
        if (!staging || tag === undefined)
            return [];
        const image = pinned.find(({ target }) => target.repository === staging.repository && target.tag === tag);
        const catalog = catalogs.find(({ entry }) => causes.some(({ path }) => path === `mirror.operators[${entry}]`));
        const name = imageSet.mirror.operators?.[catalog?.entry ?? -1]?.catalog ?? '';
        return image && catalog ? [{ catalog, tag, image, name: (0,imageset/* parseImageSpec */.EO)(name).path }] : [];
    });
}
function imagesOf(pinned) {
    return pinned.map(({ target, content, platforms }) => ({
        ...target,
        digest: content.digest,
        platforms,
    }));
}
function chunkBytes(collections) {
    const sizes = collections.map(({ imageSet }) => imageSet.archiveSize || defaultArchiveSize);
    return Math.min(...sizes, defaultArchiveSize) * base/* gibibyte */.K9;
}
async function findUncached(mapping, { cache }) {
    const { repository } = (0,archive.openCache)(cache);
    const missing = [];
    for (const entry of mapping) {
        const place = (0,oci/* parseReference */.F2)(entry.destination);
        const { manifests } = repository(place.registry, place.repository);
        if (!(await manifests.resolve(place.tag ?? '')))
            missing.push(entry);
    }
    return missing;
}
async function archiveImages({ collections, pinned }, { toDisk, files }, { workspace, clock }) {
    const catalogs = collections.flatMap((collection) => filteredOf(collection, pinned));
    for (const one of catalogs)
        await shareFiltered(one, (0,external_node_path_.join)(workspace, 'operator-catalogs'));
    const { cache, directory, naming, stream, since, large, most } = toDisk;
    return await (0,archive/* writeArchive */._d)({
        cache: (0,archive.openCache)(cache),
        images: imagesOf(pinned),
        directory,
        naming,
        stream,
        since,
        workingDirectory: workspace,
        configuration: files.map(({ text }) => text).join('\n---\n'),
        rules: { most: Math.min(chunkBytes(collections), most ?? Number.POSITIVE_INFINITY), large },
        stamp: (0,log/* formatUtc */.a)(clock.now()),
    });
}

;// CONCATENATED MODULE: ./build/run/disk/index.js




/***/ })

};
