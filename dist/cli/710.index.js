export const id = 710;
export const ids = [710];
export const modules = {

/***/ 5710:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  findNews: () => (/* binding */ findNews)
});

// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var base = __webpack_require__(8665);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/run/connect/index.js + 3 modules
var connect = __webpack_require__(851);
// EXTERNAL MODULE: ./build/run/load.js
var load = __webpack_require__(9767);
// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(2088);
// EXTERNAL MODULE: ./build/imageset/index.js + 41 modules
var imageset = __webpack_require__(2362);
// EXTERNAL MODULE: ./build/operators/index.js + 6 modules
var operators = __webpack_require__(6141);
// EXTERNAL MODULE: ./build/registry/index.js + 51 modules
var build_registry = __webpack_require__(9494);
// EXTERNAL MODULE: ./build/run/session.js + 1 modules
var session = __webpack_require__(8877);
;// CONCATENATED MODULE: ./build/run/check/new-content.js





async function resolveTag(spec, { registries }) {
    const { registry, repository, tag = '' } = (0,imageset/* pullSource */.l1)(spec);
    return (await (0,build_registry/* findManifest */.J9)(registries.repository(registry, repository), tag))?.digest;
}
function diagnoseMoved(named, mirrored, { text, at }) {
    if (named === undefined || mirrored.length === 0 || mirrored.includes(named))
        return [];
    return [
        {
            severity: 'notice',
            code: 'tag-moved',
            summary: 'A tag names another image than the one that was mirrored.',
            detail: `${text} has moved since; the next apply brings it.`,
            text,
            at,
        },
    ];
}
function movingSpec(text) {
    const { spec } = (0,imageset/* readImageSpec */.RI)(text);
    const canMove = spec?.transport === imageset/* dockerTransport */.Ic && spec.digest === undefined;
    return canMove && spec.tag !== '' ? spec : undefined;
}
function imageEntries(imageSet) {
    const { additionalImages = [] } = imageSet.mirror;
    return additionalImages.flatMap(({ name }, index) => {
        const spec = movingSpec(name);
        if (!spec)
            return [];
        return [
            {
                name,
                host: (0,imageset/* pullSource */.l1)(spec).registry,
                async look(world) {
                    const mirrored = world.placements.filter(({ kind, origin }) => kind === 'generic' && origin === spec.reference);
                    if (mirrored.length === 0)
                        return [];
                    const { at } = (0,imageset/* causeAt */.tk)(imageSet, 'additionalImages', index, 'name');
                    const digests = mirrored.map(({ digest }) => digest);
                    return diagnoseMoved(await resolveTag(spec, world), digests, { text: name, at });
                },
            },
        ];
    });
}
function mirroredCatalogs({ catalog, targetTag }, spec, placements) {
    const tag = targetTag || spec.tag;
    const isOne = (one) => one.kind === 'operatorCatalog' &&
        one.tag === tag &&
        (0,imageset/* repositoryOf */._M)(one.origin) === (0,imageset/* repositoryOf */._M)(catalog);
    return placements.filter(isOne).flatMap((one) => (0,operators/* upstreamDigest */.k9)(one) ?? []);
}
function boundsOf(wish, index, found) {
    const path = ['packages', index];
    const own = wish.maxVersion
        ? [{ maxVersion: wish.maxVersion, channel: found.offers.defaultChannel, path: [...path] }]
        : [];
    const inner = (wish.channels ?? []).flatMap(({ name, maxVersion }, at) => maxVersion ? [{ maxVersion, channel: name, path: [...path, 'channels', at] }] : []);
    return [...own, ...inner];
}
const plainVersion = /^\d[\w.+-]*$/;
function suggestHead({ imageSet, index }, found, { maxVersion, channel, path }) {
    const head = found.offers.channels.find(({ name }) => name === channel)?.head?.version ?? '';
    const [now, bound] = [(0,semver.valid)(head), (0,semver.valid)(maxVersion)];
    const isNewer = now !== null && bound !== null && (0,semver.compareBuild)(now, bound) > 0;
    if (!isNewer || !plainVersion.test(head))
        return [];
    return [
        {
            severity: 'notice',
            code: 'new-operator-version',
            summary: 'The channel of an operator has a newer head.',
            detail: `${found.name} has ${head} at the head of ${channel}.`,
            text: maxVersion,
            fix: `maxVersion: ${head}`,
            at: (0,imageset/* causeAt */.tk)(imageSet, 'operators', index, ...path, 'maxVersion').at,
        },
    ];
}
async function readFiltered(entry, now, world) {
    const store = (0,session/* catalogStore */.r3)(world.settings);
    const filtered = now && (await (0,imageset/* recallFiltered */.He)(entry, now, store));
    if (filtered)
        return filtered;
    const known = await (0,imageset/* openKnownCatalog */.pP)((0,imageset/* parseCatalogReference */.sP)(entry), store);
    return known && (await (0,imageset/* recallFiltered */.He)(entry, known.digest, store));
}
async function findHeads(written, now, world) {
    const { packages = [] } = written.entry;
    const isBound = packages.some(({ maxVersion, channels = [] }) => maxVersion || channels.some((one) => one.maxVersion));
    if (!isBound)
        return [];
    const filtered = await readFiltered(written.entry, now, world);
    return (filtered &&
        packages.flatMap((wish, at) => {
            const found = filtered.packages.find(({ name }) => name === wish.name);
            const bounds = found ? boundsOf(wish, at, found) : [];
            return found ? bounds.flatMap((bound) => suggestHead(written, found, bound)) : [];
        }));
}
function catalogEntries(imageSet) {
    const { operators = [] } = imageSet.mirror;
    return operators.map((entry, index) => {
        const spec = movingSpec(entry.catalog);
        return {
            name: entry.catalog,
            host: spec ? (0,imageset/* pullSource */.l1)(spec).registry : '',
            async look(world) {
                const now = spec && (await resolveTag(spec, world));
                const { at } = (0,imageset/* causeAt */.tk)(imageSet, 'operators', index, 'catalog');
                const mirrored = spec ? mirroredCatalogs(entry, spec, world.placements) : [];
                const moved = diagnoseMoved(now, mirrored, { text: entry.catalog, at });
                const heads = await findHeads({ imageSet, index, entry }, now, world);
                if (heads === undefined && moved.length === 0)
                    return 'not-at-hand';
                return [...moved, ...(heads ?? [])];
            },
        };
    });
}

// EXTERNAL MODULE: ./build/release/index.js + 16 modules
var build_release = __webpack_require__(6472);
// EXTERNAL MODULE: ./build/run/list.js
var list = __webpack_require__(1884);
;// CONCATENATED MODULE: ./build/run/check/new-releases.js




const mostTried = 20;
async function readOffer({ channel, architectures }, { registries, settings: { env, clock } }) {
    const newId = () => (0,session/* createId */.sX)(() => clock.random());
    const graphs = (0,build_release/* openGraphSource */.I0)({ get: registries.get, workspace: list/* noWorkspace */.t1, newId, env });
    const read = (architecture) => graphs.fetch({ channel: channel.name, architecture, type: channel.type });
    const [graph = { nodes: [], edges: [] }, ...others] = await Promise.all(architectures.map(read));
    const isChosen = (0,imageset/* versionFilter */.Hl)(env['VERSION_FILTER']) ?? (() => true);
    const elsewhere = others.map(({ nodes }) => new Set(nodes.map(({ text }) => text)));
    const nodes = graph.nodes
        .filter(({ text }) => isChosen(text) && elsewhere.every((known) => known.has(text)))
        .sort((a, b) => (0,build_release/* compareReleaseVersions */.w3)(b.version, a.version));
    return { graph, nodes };
}
function chooseNewer({ graph, nodes }, maxVersion) {
    const bound = (0,build_release/* parseReleaseVersion */.LQ)(maxVersion);
    if (!bound)
        return undefined;
    const newer = nodes.filter(({ version }) => (0,build_release/* compareReleaseVersions */.w3)(version, bound) > 0);
    const start = (0,build_release/* findNode */.cy)(graph, bound);
    const isReached = ({ version }) => {
        const end = (0,build_release/* findNode */.cy)(graph, version);
        return start !== undefined && end !== undefined && (0,build_release/* shortestPath */._6)(graph, start, end).length > 0;
    };
    const reached = newer.slice(0, mostTried).find(isReached);
    const node = reached ?? newer[0];
    return node && { version: node.text, isReached: reached !== undefined };
}
function suggestNewer(written, offer, maxVersion) {
    const { imageSet, index, channel } = written;
    const newer = chooseNewer(offer, maxVersion);
    if (!newer)
        return [];
    const way = newer.isReached
        ? `to which a recommended update leads from ${maxVersion}`
        : `to which no recommended update leads from ${maxVersion}`;
    const isPinned = channel.minVersion === maxVersion;
    const later = isPinned ? ` Raise minVersion too once no cluster runs ${maxVersion}.` : '';
    return [
        {
            severity: 'notice',
            code: 'new-release',
            summary: 'A newer release is in the channel.',
            detail: `${channel.name} has ${newer.version}, ${way}.${later}`,
            text: maxVersion,
            fix: `maxVersion: ${newer.version}`,
            at: (0,imageset/* causeAt */.tk)(imageSet, 'platform', 'channels', index, 'maxVersion').at,
        },
    ];
}
function mirroredOf(name, placements) {
    return placements.flatMap(({ release }) => {
        const version = release?.channel === name ? (0,build_release/* parseReleaseVersion */.LQ)(release.version) : undefined;
        return version ? [version] : [];
    });
}
function announceNewest({ imageSet, index, channel: { name } }, { nodes: [newest] }, placements) {
    const mirrored = mirroredOf(name, placements);
    const isNew = newest !== undefined &&
        mirrored.length > 0 &&
        mirrored.every((version) => (0,build_release/* compareReleaseVersions */.w3)(newest.version, version) > 0);
    if (!isNew)
        return [];
    return [
        {
            severity: 'notice',
            code: 'new-release',
            summary: 'A newer release is in the channel.',
            detail: `${name} has ${newest.text}; the next apply brings it.`,
            text: name,
            at: (0,imageset/* causeAt */.tk)(imageSet, 'platform', 'channels', index, 'name').at,
        },
    ];
}
function releaseEntries(imageSet) {
    const { channels = [], architectures = [] } = imageSet.mirror.platform ?? {};
    return channels.map((channel, index) => {
        const written = {
            imageSet,
            index,
            channel,
            architectures: architectures.length > 0 ? architectures : ['amd64'],
        };
        return {
            name: channel.name,
            host: `updates of ${channel.type}`,
            async look(world) {
                const offer = await readOffer(written, world);
                return channel.maxVersion
                    ? suggestNewer(written, offer, channel.maxVersion)
                    : announceNewest(written, offer, world.placements);
            },
        };
    });
}

;// CONCATENATED MODULE: ./build/run/check/upstream.js






const mostEntries = 300;
const patienceMs = 10_000;
const mostNamed = 5;
function entriesOf(imageSet) {
    return [...releaseEntries(imageSet), ...catalogEntries(imageSet), ...imageEntries(imageSet)];
}
function sayFailed(failures) {
    const byReason = [...Map.groupBy(failures, ({ why }) => why)];
    return byReason
        .slice(0, mostNamed)
        .map(([why, all]) => `New upstream of ${(0,base/* listNames */.Zv)([...new Set(all.map(({ name }) => name))])} is unknown: ${why}`);
}
function sayNotAtHand(names) {
    if (names.length === 0)
        return [];
    return [
        `Newer operators of ${(0,base/* listNames */.Zv)([...new Set(names)])} were not looked for: the workspace does not have the catalog as it is now.`,
    ];
}
function sayUnread(files) {
    if (files.length === 0)
        return [];
    return [
        `New upstream of ${(0,base/* listNames */.Zv)(files)} was not looked for: no image set can be read there, and "lint" says why.`,
    ];
}
async function tryToLook(entry, world, silent) {
    const known = silent.get(entry.host);
    if (known !== undefined)
        return { why: known };
    try {
        return await entry.look(world);
    }
    catch (thrown) {
        if (!(thrown instanceof errors/* MirrorError */.En) || thrown.code === 'CANCELLED')
            throw thrown;
        const why = (0,errors/* messageOf */.bD)(thrown.cause ?? thrown);
        if (thrown.code === 'TIMEOUT')
            silent.set(entry.host, why);
        return { why };
    }
}
async function lookAt(entries, world) {
    const { parallel = connect/* defaultParallel */.fr } = world.settings;
    const silent = new Map();
    const looked = await (0,base/* mapParallel */.EQ)(entries, parallel, async (entry) => ({
        name: entry.name,
        found: await tryToLook(entry, world, silent),
    }));
    const failures = looked.flatMap(({ name, found }) => typeof found === 'object' && 'why' in found ? [{ name, why: found.why }] : []);
    const unread = looked.flatMap(({ name, found }) => (found === 'not-at-hand' ? [name] : []));
    return {
        news: looked.flatMap(({ found }) => typeof found === 'object' && !('why' in found) ? found : []),
        notes: [...sayFailed(failures), ...sayNotAtHand(unread)],
    };
}
async function findNews(files, placements, settings) {
    const loaded = files.map((file) => ({ file, ...(0,load/* loadFiles */.a)([file]) }));
    const all = loaded.flatMap(({ imageSets }) => imageSets.flatMap(entriesOf));
    const entries = all.slice(0, mostEntries);
    const unread = loaded.filter(({ imageSets }) => imageSets.length === 0);
    const rest = [
        ...(all.length > mostEntries
            ? [`New upstream was looked for in the first ${mostEntries} of ${all.length} entries alone.`]
            : []),
        ...sayUnread(unread.map(({ file }) => file.name)),
    ];
    const once = { ...settings, retryTimes: 0, sourceIdleMs: patienceMs };
    const registries = await (0,connect/* openUpstream */.UT)(once);
    try {
        const { news, notes } = await lookAt(entries, { registries, placements, settings: once });
        return { news, notes: [...notes, ...rest] };
    }
    finally {
        await registries.close();
    }
}


/***/ })

};
