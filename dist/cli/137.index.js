export const id = 137;
export const ids = [137];
export const modules = {

/***/ 5518:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  fixImageSet: () => (/* reexport */ fixImageSet)
});

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/yaml/index.js + 7 modules
var yaml = __webpack_require__(4406);
// EXTERNAL MODULE: ./build/imageset/config.js
var config = __webpack_require__(5094);
// EXTERNAL MODULE: ./build/imageset/discover.js
var discover = __webpack_require__(2059);
// EXTERNAL MODULE: ./build/imageset/placeholder.js
var placeholder = __webpack_require__(9544);
// EXTERNAL MODULE: ./build/imageset/position.js
var position = __webpack_require__(8059);
// EXTERNAL MODULE: ./build/imageset/schema/index.js + 4 modules
var schema = __webpack_require__(8503);
// EXTERNAL MODULE: ./build/catalog/index.js + 42 modules
var catalog = __webpack_require__(7899);
;// CONCATENATED MODULE: ./build/imageset/fix/bounds.js



function releaseVersion(text, bound) {
    const [, full, short] = /^v?(?:(\d+\.\d+\.\d+(?:-.+)?)|(\d+\.\d+)(?:\.[xX*])?)$/.exec(text) ?? [];
    if (full !== undefined)
        return full;
    return short !== undefined && bound === 'minVersion' ? `${short}.0` : undefined;
}
function bundleVersion(text) {
    if ((0,catalog/* parseVersion */.ot)(text))
        return text;
    const version = /^[a-z0-9-]+\.v(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)$/.exec(text)?.[1];
    return version && (0,catalog/* parseVersion */.ot)(version) ? version : undefined;
}
function mendBounds(meaning, place, read) {
    return ['minVersion', 'maxVersion'].flatMap((bound) => {
        const text = place.range[bound];
        const version = text === undefined ? undefined : read(text, bound);
        const node = meaning.nodeAt([...place.path, bound]);
        if (version === undefined || version === text || !(0,dist/* isScalar */.jn)(node) || !node.range)
            return [];
        const at = node.range[0];
        const reason = `${bound} is now ${version}: "${text}" is no version by itself`;
        return [{ ...(0,yaml/* replaceInside */.JL)(meaning.text, node, version), at, reason }];
    });
}
function dropOpenEnd(meaning, range, path) {
    const { name, minVersion, maxVersion = '' } = range;
    const map = meaning.nodeAt(path);
    const [, minor] = /^v?(\d+\.\d+)\.[xX*]$/.exec(maxVersion) ?? [];
    const isWhole = minor !== undefined && minVersion !== undefined && name.endsWith(`-${minor}`);
    if (!isWhole || !(0,dist/* isMap */.jh)(map))
        return [];
    const index = map.items.findIndex(({ key }) => (0,dist/* isScalar */.jn)(key) && String(key.value).toLowerCase() === 'maxversion');
    const node = meaning.nodeAt([...path, 'maxVersion']);
    const splice = (0,yaml/* removeEntry */.b4)(meaning.text, map, index);
    if (!splice || !node || (0,yaml/* isNeededElsewhere */.IL)(meaning.document, node))
        return [];
    const reason = `maxVersion ${maxVersion} is deleted: the newest ${minor} is the end of the channel`;
    return [{ ...splice, at: node.range?.[0] ?? 0, reason }];
}
function mendVersions(meaning) {
    const { mirror, top } = meaning;
    const releases = (mirror.platform?.channels ?? []).flatMap((range, index) => {
        const path = [top, 'platform', 'channels', index];
        const mends = mendBounds(meaning, { range, path }, releaseVersion);
        return mends.length > 0 ? mends : dropOpenEnd(meaning, range, path);
    });
    const operators = (mirror.operators ?? []).flatMap(({ packages = [] }, outer) => packages.flatMap((one, index) => {
        const path = [top, 'operators', outer, 'packages', index];
        const channels = (one.channels ?? []).map((range, inner) => ({
            range,
            path: [...path, 'channels', inner],
        }));
        return [{ range: one, path }, ...channels].flatMap((place) => mendBounds(meaning, place, bundleVersion));
    }));
    return [...releases, ...operators];
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./build/imageset/fix/duplicates.js




function compare(a, b) {
    if (a === b)
        return 0;
    const [left, right] = [(0,catalog/* parseVersion */.ot)(a), (0,catalog/* parseVersion */.ot)(b)];
    return left && right ? (0,catalog/* compareVersions */.Zy)(left, right) : undefined;
}
function isOpen({ minVersion, maxVersion }) {
    return minVersion === undefined && maxVersion === undefined;
}
function reachesDown(whole, part) {
    if (whole.minVersion === undefined)
        return true;
    if (part.minVersion === undefined)
        return false;
    return (compare(whole.minVersion, part.minVersion) ?? 1) <= 0;
}
function reachesUp(whole, part) {
    if (whole.maxVersion === undefined)
        return true;
    if (part.maxVersion === undefined)
        return false;
    return (compare(whole.maxVersion, part.maxVersion) ?? -1) >= 0;
}
function holdsRange(whole, part) {
    if (isOpen(whole))
        return isOpen(part);
    if (isOpen(part))
        return whole.maxVersion === undefined;
    return reachesDown(whole, part) && reachesUp(whole, part);
}
function holdsPackage(whole, part) {
    const isSameDefault = part.defaultChannel === undefined || part.defaultChannel === whole.defaultChannel;
    if (!isSameDefault || !holdsRange(whole, part))
        return false;
    const [own, other] = [whole.channels ?? [], part.channels ?? []];
    if (own.length === 0)
        return other.every(isOpen);
    if (other.length === 0)
        return false;
    return other.every((channel) => own.some((one) => one.name === channel.name && holdsRange(one, channel)));
}
function holdsRelease(whole, part) {
    const { full = false, shortestPath = false, type } = whole;
    const isSameKind = (part.full ?? false) === full &&
        (part.shortestPath ?? false) === shortestPath &&
        part.type === type;
    if (!isSameKind)
        return false;
    const isSame = part.minVersion === whole.minVersion && part.maxVersion === whole.maxVersion;
    return isSame || (!shortestPath && !full && holdsRange(whole, part));
}
function groupsOf(items) {
    const groups = Map.groupBy(items.keys(), (index) => items[index]?.name);
    return [...groups.values()].filter(({ length }) => length > 1);
}
function findRepeated({ items, holds }, group) {
    const kept = new Set(group);
    return group.flatMap((index) => {
        const item = items[index];
        const by = [...kept].find((at) => at !== index && holds(items[at], item));
        const isGone = by !== undefined && (by < index || !holds(item, items[by]));
        if (isGone)
            kept.delete(index);
        return isGone ? [{ index, by }] : [];
    });
}
function mendList(meaning, list) {
    const node = meaning.nodeAt(list.path);
    if (!(0,dist/* isSeq */.oP)(node))
        return [];
    const repeated = groupsOf(list.items).flatMap((group) => findRepeated(list, group));
    return repeated.flatMap(({ index, by }) => {
        const [own, other] = [index, by].map((at) => meaning.nodeAt([...list.path, at]));
        const isClear = [index, by].every((at) => meaning.isClear([...list.path, at]));
        if (!own || !other || !isClear || (0,yaml/* isNeededElsewhere */.IL)(meaning.document, own))
            return [];
        const splice = (0,yaml/* removeItem */.Ai)(meaning.text, node, index);
        const name = list.items[index]?.name;
        const reason = `the ${list.what} "${name}" is deleted here: another entry of it says the same or more`;
        return splice ? [{ ...splice, at: own.range?.[0] ?? 0, reason }] : [];
    });
}
function mendDuplicates(meaning) {
    const { mirror, top } = meaning;
    const releases = mendList(meaning, {
        what: 'release channel',
        path: [top, 'platform', 'channels'],
        items: mirror.platform?.channels ?? [],
        holds: holdsRelease,
    });
    const images = mendList(meaning, {
        what: 'image',
        path: [top, 'additionalImages'],
        items: mirror.additionalImages ?? [],
        holds: external_node_util_.isDeepStrictEqual,
    });
    const operators = (mirror.operators ?? []).flatMap((catalog, outer) => {
        const path = [top, 'operators', outer, 'packages'];
        const packages = catalog.packages ?? [];
        const channels = packages.flatMap((one, index) => mendList(meaning, {
            what: 'channel',
            path: [...path, index, 'channels'],
            items: one.channels ?? [],
            holds: holdsRange,
        }));
        if (channels.length > 0)
            return channels;
        return mendList(meaning, { what: 'package', path, items: packages, holds: holdsPackage });
    });
    return [...releases, ...images, ...operators];
}

;// CONCATENATED MODULE: ./build/imageset/fix/meaning.js



function stepInto(node, step) {
    if (typeof step === 'number')
        return (0,dist/* isSeq */.oP)(node) ? node.items[step] : undefined;
    return (0,dist/* isMap */.jh)(node) ? (0,yaml/* findEntry */.w4)(node, step)?.value : undefined;
}
function meaningOf(draft, kind, decoded) {
    const top = (0,config/* rootKey */.eO)(kind);
    const unclear = decoded.problems.map(({ path }) => (0,config/* formatYamlPath */.qD)(path));
    return {
        ...draft,
        top,
        mirror: (decoded.value[top] ?? {}),
        nodeAt: (path) => {
            const found = path.reduce(stepInto, draft.document.contents);
            return (0,dist/* isMap */.jh)(found) || (0,dist/* isSeq */.oP)(found) || (0,dist/* isScalar */.jn)(found) ? found : undefined;
        },
        isClear: (path) => {
            const here = (0,config/* formatYamlPath */.qD)(path);
            return !unclear.some((one) => one === here || one.startsWith(`${here}.`) || one.startsWith(`${here}[`));
        },
    };
}

;// CONCATENATED MODULE: ./build/imageset/fix/mend.js

function placeOf(site) {
    return site.keyNode.range?.[0] ?? 0;
}
function drop(site, reason) {
    if ((0,yaml/* isNeededElsewhere */.IL)(site.document, site.value))
        return [];
    const index = site.map.items.findIndex((pair) => pair.key === site.keyNode);
    const splice = (0,yaml/* removeEntry */.b4)(site.text, site.map, index);
    return splice ? [{ ...splice, at: placeOf(site), reason }] : [];
}
function rename(site, name, reason) {
    return [{ ...(0,yaml/* replaceInside */.JL)(site.text, site.keyNode, name), at: placeOf(site), reason }];
}
function keyLike({ text, keyNode }, name) {
    const first = text[keyNode.range?.[0] ?? 0] ?? '';
    return /["']/.test(first) ? `${first}${name}${first}` : name;
}
function rewriteEntry(site, entry, reason) {
    const { text, keyNode, value } = site;
    const [, keyEnd] = keyNode.range ?? [0, 0];
    if (!value?.range || value.range[0] < keyEnd)
        return [];
    const { start, end, text: written } = (0,yaml/* replaceInside */.JL)(text, value, entry[1]);
    const between = text.slice(keyEnd, start);
    const at = placeOf(site);
    return [{ start: at, end, text: `${keyLike(site, entry[0])}${between}${written}`, at, reason }];
}
function rewrite(node, written, reason) {
    const [start, end] = node.range ?? [0, 0];
    return [{ start, end, text: written, at: start, reason }];
}

;// CONCATENATED MODULE: ./build/imageset/fix/names.js


const quotes = {
    pattern: /^[\u2018-\u201f\u00ab\u00bb]+([A-Za-z0-9](?:[\w./:@-]*[A-Za-z0-9])?)[\u2018-\u201f\u00ab\u00bb]+$/,
    meant: '$1',
    why: 'typographic quotes are no quotes in YAML',
};
const address = {
    pattern: /^https?:\/\/(?=[a-z0-9])/,
    meant: '',
    why: 'the name of an image begins with its registry',
};
const version = {
    pattern: /^(registry\.redhat\.io\/redhat\/[\w-]+):v?4[.:](\d+)$/,
    meant: '$1:v4.$2',
    why: "tags of Red Hat's catalogs are like v4.18",
};
function mendName(meaning, path, slips) {
    const node = meaning.nodeAt(path);
    if (!(0,dist/* isScalar */.jn)(node) || typeof node.value !== 'string' || !node.range)
        return [];
    const name = node.value;
    const slip = slips.find(({ pattern, meant }) => name.replace(pattern, meant) !== name);
    if (!slip)
        return [];
    const meant = name.replace(slip.pattern, slip.meant);
    const at = node.range[0];
    const reason = `${name} is now ${meant}: ${slip.why}`;
    return [{ ...(0,yaml/* replaceInside */.JL)(meaning.text, node, meant), at, reason }];
}
function mendNames(meaning) {
    const { mirror, top } = meaning;
    const releases = (mirror.platform?.channels ?? []).flatMap((_, index) => mendName(meaning, [top, 'platform', 'channels', index, 'name'], [quotes]));
    const operators = (mirror.operators ?? []).flatMap(({ packages = [] }, outer) => {
        const path = [top, 'operators', outer];
        const named = packages.flatMap(({ channels = [] }, index) => {
            const own = [...path, 'packages', index];
            const inner = channels.map((_, at) => [...own, 'channels', at, 'name']);
            return [[...own, 'name'], ...inner].flatMap((one) => mendName(meaning, one, [quotes]));
        });
        return [...mendName(meaning, [...path, 'catalog'], [quotes, address, version]), ...named];
    });
    const images = (mirror.additionalImages ?? []).flatMap((_, index) => mendName(meaning, [top, 'additionalImages', index, 'name'], [quotes, address]));
    return [...releases, ...operators, ...images];
}

// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var base = __webpack_require__(8665);
// EXTERNAL MODULE: ./build/imageset/legacy.js
var imageset_legacy = __webpack_require__(3719);
// EXTERNAL MODULE: ./build/imageset/image-spec.js
var image_spec = __webpack_require__(4323);
// EXTERNAL MODULE: ./build/imageset/target-name.js
var target_name = __webpack_require__(2457);
;// CONCATENATED MODULE: ./build/imageset/fix/versions.js




function textValue(text, node) {
    const [start, end] = node.range ?? [0, 0];
    const source = text.slice(start, end);
    const isPlain = node.type === 'PLAIN' && (0,yaml/* resolveScalar */.T)(source)?.kind !== 'string';
    return isPlain ? JSON.stringify(source) : source;
}
function readList({ text }, items) {
    const listed = items.map((item) => {
        const node = item;
        const version = (0,dist/* isScalar */.jn)(node) ? (0,catalog/* parseVersion */.ot)(String(node.value)) : undefined;
        return version && (0,dist/* isScalar */.jn)(node) ? { source: textValue(text, node), version } : undefined;
    });
    const known = listed.filter((one) => one !== undefined);
    return known.length === listed.length && known.length > 0 ? known : undefined;
}
function separatorOf({ text, map, keyNode }) {
    if (map.flow)
        return ', ';
    const start = keyNode.range?.[0] ?? 0;
    const line = text.lastIndexOf('\n', start - 1) + 1;
    const after = text.indexOf('\n', start);
    const isDos = after > 0 ? text[after - 1] === '\r' : text.includes('\r\n');
    return `${isDos ? '\r\n' : '\n'}${text
        .slice(line, start)
        .replace(/^\ufeff/, '')
        .replaceAll(/[^ \t]/g, ' ')}`;
}
function commentsIn(source) {
    return source
        .split(/\r?\n/)
        .slice(0, -1)
        .flatMap((line) => /(?:^|[ \t])(#.*)$/.exec(line)?.[1] ?? []);
}
function writeRange(site) {
    const { text, value } = site;
    const listed = (0,dist/* isSeq */.oP)(value) ? readList(site, value.items) : undefined;
    const isTaken = site.has('minVersion') || site.has('maxVersion');
    if (!listed || isTaken)
        return [];
    const sorted = listed.toSorted((a, b) => (0,catalog/* compareVersions */.Zy)(a.version, b.version));
    const [first, last] = [sorted[0]?.source ?? '', sorted.at(-1)?.source ?? ''];
    const between = separatorOf(site);
    const start = placeOf(site);
    const end = (0,yaml/* contentEnd */.XA)(text, value);
    const comments = site.map.flow ? [] : commentsIn(text.slice(start, end));
    const lines = [
        ...comments,
        `${keyLike(site, 'minVersion')}: ${first}`,
        `${keyLike(site, 'maxVersion')}: ${last}`,
    ];
    const warning = sorted.length > 1 ? '; versions in between come too' : '';
    const reason = `"${site.key}" is now the range from ${first} to ${last}: v2 has no lists of versions${warning}`;
    return [{ start, end, text: lines.join(between), at: start, reason }];
}

;// CONCATENATED MODULE: ./build/imageset/fix/legacy.js






function textOf(node) {
    return (0,dist/* isScalar */.jn)(node) ? String(node.value ?? '') : undefined;
}
const skipsTls = '; its skipTLS is not part of an image set any more: the action has insecure-registries, the command line --dest-tls-verify=false';
function storageReason({ value, key }) {
    const registry = (0,dist/* isMap */.jh)(value) ? (0,yaml/* findEntry */.w4)(value, 'registry')?.value : undefined;
    const skip = (0,dist/* isMap */.jh)(registry) ? textOf((0,yaml/* findEntry */.w4)(registry, 'skipTLS')?.value) : undefined;
    const isSkipped = skip !== undefined && /^(?:true|yes|on|y)$/i.test(skip);
    return `"${key}" is deleted: v2 keeps no metadata in a storage backend${isSkipped ? skipsTls : ''}`;
}
function deletion(site) {
    const isStorage = site.key.toLowerCase() === 'storageconfig';
    const reason = isStorage
        ? storageReason(site)
        : `"${site.key}" is deleted: v2 mirrors the latest version where no range is given`;
    return drop(site, reason);
}
const bounds = ['minVersion', 'maxVersion', 'startingVersion', 'versions', 'bundles', 'minBundle'];
function hasRange(map) {
    return bounds.some((name) => (0,yaml/* findEntry */.w4)(map, name) !== undefined);
}
function listed(map, name) {
    const value = (0,yaml/* findEntry */.w4)(map, name)?.value;
    return (0,dist/* isSeq */.oP)(value) ? value.items.filter((item) => (0,dist/* isMap */.jh)(item)) : [];
}
function packagesOf(catalog) {
    return listed(catalog, 'packages').map((map) => {
        const channels = listed(map, 'channels');
        const isWhole = hasRange(map) || (channels.length > 0 && channels.every(hasRange));
        return {
            name: textOf((0,yaml/* findEntry */.w4)(map, 'name')?.value) ?? '',
            isWhole,
            isRanged: isWhole || channels.some(hasRange),
        };
    });
}
function allBundles(site) {
    const packages = packagesOf(site.map);
    if (site.has('full'))
        return [];
    if (!hasRange(site.map) && !packages.some(({ isRanged }) => isRanged)) {
        const reason = `"${site.key}: false" is now "full: true", which says the same in v2`;
        return rewriteEntry(site, ['full', 'true'], reason);
    }
    const open = packages.filter(({ isWhole }) => !isWhole).map(({ name }) => name);
    const narrowed = open.length === 0
        ? ''
        : `; look at ${open.join(', ')}: without a version of their own only their heads are mirrored now`;
    return drop(site, `"${site.key}: false" is deleted: v2 refuses "full" beside versions${narrowed}`);
}
function heads(site) {
    const written = textOf(site.value)?.toLowerCase() ?? '';
    if (['true', 'yes', 'on', 'y'].includes(written)) {
        return drop(site, `"${site.key}: true" is deleted: v2 mirrors the heads by itself`);
    }
    const isFalse = ['false', 'no', 'off', 'n'].includes(written);
    return isFalse && site.struct.goName === 'Operator' ? allBundles(site) : [];
}
function targetCatalog(site) {
    if (site.has('targetCatalog')) {
        return drop(site, `"${site.key}" is deleted: targetCatalog already decided in v1`);
    }
    const name = textOf(site.value) ?? '';
    const catalog = textOf((0,yaml/* findEntry */.w4)(site.map, 'catalog')?.value);
    const path = catalog === undefined ? undefined : pathOf(catalog);
    if (path === undefined)
        return [];
    const target = path.includes('/') ? path.replace(/[^/]*$/, name) : name;
    if (!(0,target_name/* isTargetPath */.Fv)(target))
        return [];
    const reason = `"${site.key}" is now targetCatalog with the path of the catalog`;
    return rewriteEntry(site, ['targetCatalog', target], reason);
}
function pathOf(catalog) {
    const { spec } = (0,image_spec/* readImageSpec */.RI)(catalog);
    return spec && (spec.transport === image_spec/* dockerTransport */.Ic ? spec.path : '');
}
function renamed(site, name) {
    return site.has(name) ? [] : rename(site, name, `"${site.key}" is now ${name}, as v2 calls it`);
}
function mendLegacy(site, field) {
    switch (field.mending) {
        case 'delete':
            return deletion(site);
        case 'heads':
            return heads(site);
        case 'range':
            return writeRange(site);
        case 'target-catalog':
            return targetCatalog(site);
        default:
            return field.renamed === undefined ? [] : renamed(site, field.renamed);
    }
}

;// CONCATENATED MODULE: ./build/imageset/fix/shape.js









function quote(draft, node) {
    const kind = (0,yaml/* resolveScalar */.T)(String(node.value))?.kind;
    if (node.type !== 'PLAIN' || (kind !== 'number' && kind !== 'bool'))
        return [];
    const reason = `${String(node.value)} is in quotes now: without them YAML reads a ${kind === 'bool' ? 'boolean' : 'number'}`;
    return rewrite(node, textValue(draft.text, node), reason);
}
const bare = {
    bool: /^(?:true|false)$/i,
    int64: /^-?(?:0|[1-9]\d{0,17})$/,
};
function unquote(node, type) {
    const value = String(node.value);
    if (node.type !== 'QUOTE_DOUBLE' && node.type !== 'QUOTE_SINGLE')
        return [];
    if (!bare[type.kind]?.test(value))
        return [];
    return rewrite(node, value.toLowerCase(), `${value} is without quotes now: it is no text in v2`);
}
function enlist(draft, node, type) {
    const isPlainText = type.of.kind === 'string' && /^[\w./:-]+$/.test(String(node.value));
    if (!isPlainText)
        return [];
    return rewrite(node, `[${textValue(draft.text, node)}]`, `${String(node.value)} is a list now`);
}
function mendScalar(draft, node, type) {
    if (!(0,dist/* isScalar */.jn)(node) || node.tag !== undefined)
        return [];
    if (type.kind === 'list')
        return enlist(draft, node, type);
    return type.kind === 'string' || type.kind === 'platform-type'
        ? quote(draft, node)
        : unquote(node, type);
}
function canHold({ type }, { value }) {
    if (type.kind === 'list')
        return (0,dist/* isSeq */.oP)(value);
    return type.kind === 'struct' ? (0,dist/* isMap */.jh)(value) : (0,dist/* isScalar */.jn)(value);
}
const bareName = (name) => name.toLowerCase().replaceAll(/[-_ ]/g, '');
function nearestField(struct, key) {
    const ranked = struct.fields
        .map((field) => ({ field, distance: (0,base/* editDistance */.YC)(bareName(key), bareName(field.name)) }))
        .sort((a, b) => a.distance - b.distance);
    const [best, second] = ranked;
    if (!best || best.distance > (best.field.name.length < 6 ? 1 : 2))
        return undefined;
    return second && second.distance <= best.distance ? undefined : best.field;
}
function mendMisspelt(site) {
    const isKnown = Object.values(schema/* schemas */.jo).some((one) => (0,schema/* fieldsNamed */.X$)(site.key, one).some(({ field }) => canHold(field, site)));
    const field = isKnown ? undefined : nearestField(site.struct, site.key);
    if (!field || site.has(field.name) || !canHold(field, site))
        return { mends: [] };
    const mends = rename(site, field.name, `"${site.key}" is now ${field.name}: it was misspelt`);
    return { mends, field };
}
const unused = new Map([
    ['Mirror.samples', 'v2 mirrors no samples; list their images below additionalImages'],
    ['Delete.samples', 'v2 mirrors no samples'],
    ['Operator.skipDependencies', 'v2 never resolves dependencies'],
]);
function siteOf(draft, map, index) {
    const { key, value } = map.items[index];
    if (!(0,dist/* isScalar */.jn)(key) || key.value === '<<')
        return undefined;
    return {
        ...draft,
        map,
        key: String(key.value ?? ''),
        keyNode: key,
        value,
        has: (name) => (0,yaml/* findEntry */.w4)(map, name) !== undefined,
    };
}
function isEmpty(node) {
    return node === null || ((0,dist/* isScalar */.jn)(node) && node.type === 'PLAIN' && !node.value);
}
function mendRepeated(site, same) {
    const source = ({ value }) => site.text.slice(...(value?.range ?? [0, 0])).trim();
    const [first] = same;
    const isFirst = first?.key === site.keyNode;
    const isBare = isEmpty(site.value) && same.some(({ value }) => !isEmpty(value));
    const isRepeated = first !== undefined &&
        !isFirst &&
        source({ key: site.keyNode, value: site.value }) === source(first);
    if (!isBare && !isRepeated)
        return [];
    const other = isBare ? 'with a value' : 'with the same value';
    return drop(site, `"${site.key}" is deleted here: the mapping has it once more, ${other}`);
}
function mendValue(draft, node, type) {
    if (type.kind === 'struct' && (0,dist/* isMap */.jh)(node))
        return mendMap(draft, node, type);
    if (type.kind === 'list' && (0,dist/* isSeq */.oP)(node)) {
        return node.items.flatMap((item) => mendValue(draft, item, type.of));
    }
    return mendScalar(draft, node, type);
}
function mendUnknown(site) {
    const legacy = (0,imageset_legacy/* legacyField */.C)(site.key, site.struct.goName);
    if (!legacy) {
        const { mends, field } = mendMisspelt(site);
        return field ? [...mends, ...mendValue(site, site.value, field.type)] : mends;
    }
    const mends = mendLegacy(site, legacy);
    const field = legacy.renamed && (0,schema/* findField */.UI)(site.struct, legacy.renamed);
    const isSame = field && mends.length > 0 && legacy.mending === undefined;
    return isSame ? [...mends, ...mendValue(site, site.value, field.type)] : mends;
}
function mendEntry(site) {
    const field = (0,schema/* findField */.UI)(site.struct, site.key);
    if (!field)
        return mendUnknown(site);
    const idle = unused.get(`${site.struct.goName}.${field.name}`);
    if (idle !== undefined)
        return drop(site, `"${site.key}" is deleted: ${idle}`);
    return mendValue(site, site.value, field.type);
}
function groupByKey(map) {
    const entries = map.items.filter(({ key }) => (0,dist/* isScalar */.jn)(key));
    return Map.groupBy(entries, ({ key }) => String((0,dist/* isScalar */.jn)(key) ? key.value : ''));
}
function mendMap(draft, map, struct) {
    const groups = groupByKey(map);
    return map.items.flatMap((_, index) => {
        const found = siteOf(draft, map, index);
        if (!found)
            return [];
        const site = { ...found, struct };
        const same = groups.get(site.key) ?? [];
        const repeated = same.length > 1 ? mendRepeated(site, same) : [];
        return repeated.length > 0 ? repeated : mendEntry(site);
    });
}
function mendHead(draft, root, kind) {
    const version = (0,yaml/* findEntry */.w4)(root, 'apiVersion')?.value;
    const found = [];
    const latest = 'mirror.openshift.io/v2alpha1';
    if ((0,dist/* isScalar */.jn)(version) && !isEmpty(version) && version.value !== latest) {
        const reason = `apiVersion is now ${latest}: v2 reads every other one as this`;
        const at = version.range?.[0] ?? 0;
        found.push({ ...(0,yaml/* replaceInside */.JL)(draft.text, version, latest), at, reason });
    }
    for (const name of ['kind', (0,config/* rootKey */.eO)(kind)]) {
        const pair = (0,yaml/* findEntry */.w4)(root, name);
        if (!pair || !(0,dist/* isScalar */.jn)(pair.key) || pair.key.value === name)
            continue;
        found.push(...rename({ ...draft, keyNode: pair.key }, name, `"${pair.key.value}" is now ${name}: case counts here`));
    }
    return found;
}
function mendShape(draft, kind) {
    const root = draft.document.contents;
    if (!(0,dist/* isMap */.jh)(root))
        return [];
    return [...mendHead(draft, root, kind), ...mendMap(draft, root, schema/* schemas */.jo[kind])];
}

;// CONCATENATED MODULE: ./build/imageset/fix/tags.js


const redHat = 'registry.redhat.io/redhat/';
function lacksTag(reference) {
    return (0,image_spec/* readImageSpec */.RI)(reference).error?.message.endsWith('tag and digest are empty') ?? false;
}
function only(values) {
    const distinct = [...new Set(values)];
    return distinct.length === 1 ? distinct[0] : undefined;
}
function versionTag({ mirror }) {
    const tags = (mirror.operators ?? []).flatMap(({ catalog }) => catalog.startsWith(redHat) ? (/:(v\d+\.\d+)$/.exec(catalog)?.[1] ?? []) : []);
    if (tags.length > 0)
        return only(tags);
    const versions = (mirror.platform?.channels ?? []).map(({ name }) => /-(\d+\.\d+)$/.exec(name)?.[1]);
    const version = only(versions);
    return version === undefined ? undefined : `v${version}`;
}
function appendTag(meaning, path, said) {
    const node = meaning.nodeAt(path);
    if (!(0,dist/* isScalar */.jn)(node) || !node.range)
        return [];
    const [start, end] = node.range;
    const source = meaning.text.slice(start, end);
    const isQuoted = /^["']/.test(source);
    const place = isQuoted ? end - 1 : end;
    const [tag, why] = said;
    if (!/^["']?[\w./:-]+["']?$/.test(source))
        return [];
    const reason = `${String(node.value)} has the tag ${tag} now: oc-mirror needs one, and ${why}`;
    return [{ start: place, end: place, text: `:${tag}`, at: start, reason }];
}
function mendTags(meaning) {
    const { mirror, top } = meaning;
    const version = versionTag(meaning);
    const latest = ['latest', 'without one v1 took latest'];
    const ofFile = version && [version, 'that is the version of this file'];
    const catalogs = (mirror.operators ?? []).flatMap(({ catalog }, index) => {
        const said = catalog.startsWith(redHat) ? ofFile : latest;
        const path = [top, 'operators', index, 'catalog'];
        return said && lacksTag(catalog) ? appendTag(meaning, path, said) : [];
    });
    const images = (mirror.additionalImages ?? []).flatMap(({ name }, index) => lacksTag(name) ? appendTag(meaning, [top, 'additionalImages', index, 'name'], latest) : []);
    return [...catalogs, ...images];
}

;// CONCATENATED MODULE: ./build/imageset/fix/fix.js















function refuseFix(text, at) {
    const summary = 'The file is left as it is.';
    const found = (0,placeholder/* findPlaceholder */.$)(text);
    if (found)
        return { ...(0,placeholder/* templateFinding */.K)(found, at), summary: `${summary} It is a template.` };
    const second = (0,discover/* secondDocument */.u)(text);
    if (second === undefined)
        return undefined;
    return {
        severity: 'error',
        code: 'several-documents',
        summary,
        detail: 'It holds several YAML documents, and oc-mirror reads the first one alone. Write one file for each of them.',
        text: '---',
        at: at(second),
    };
}
const maxRounds = 50;
const contentMends = [mendNames, mendTags, mendVersions, mendDuplicates];
function mendKind(draft) {
    const root = draft.document.contents;
    const pair = (0,dist/* isMap */.jh)(root) ? (0,yaml/* findEntry */.w4)(root, 'kind') : undefined;
    if (!pair || !(0,dist/* isScalar */.jn)(pair.key) || !(0,dist/* isScalar */.jn)(pair.value))
        return [];
    const written = String(pair.value.value);
    const meant = (0,config/* meantKind */.s2)(written);
    if (meant === undefined)
        return [];
    const at = pair.value.range?.[0] ?? 0;
    const value = { ...(0,yaml/* replaceInside */.JL)(draft.text, pair.value, meant), at };
    const key = String(pair.key.value);
    return [
        ...(key === 'kind'
            ? []
            : rename({ ...draft, keyNode: pair.key }, 'kind', `"${key}" is now kind: case counts here`)),
        ...(written === meant ? [] : [{ ...value, reason: `kind is now ${meant}: it was misspelt` }]),
    ];
}
function mendsOf(draft, kind) {
    if (kind === undefined)
        return mendKind(draft);
    const shape = mendShape(draft, kind);
    if (shape.length > 0 || draft.root.kind !== 'map')
        return shape;
    const meaning = meaningOf(draft, kind, (0,schema/* decodeDocument */.w8)(draft.root, schema/* schemas */.jo[kind]));
    return contentMends.flatMap((mend) => mend(meaning));
}
function draftOf(text) {
    const { root, problems } = (0,yaml/* readYaml */.gM)(text);
    if (!root || problems.some(({ code }) => code !== 'duplicate-key'))
        return undefined;
    const document = (0,yaml/* firstDocument */.cX)(text);
    return document && { text, document, root };
}
function fixImageSet(file) {
    const at = (0,position/* offsetLocator */.S)(file);
    const first = draftOf(file.text);
    const isOurs = (0,discover/* sniffImageSet */.o)(file.text) !== undefined || (first && mendKind(first).length > 0);
    const refusal = isOurs ? refuseFix(file.text, at) : undefined;
    if (refusal)
        return { text: file.text, fixes: [], refusal };
    let draft = first;
    const rounds = [];
    const fixes = [];
    while (draft) {
        const mends = mendsOf(draft, (0,discover/* sniffImageSet */.o)(draft.text)?.kind);
        const { text, applied } = (0,yaml/* applySplices */.Ut)(draft.text, mends);
        if (applied.length === 0) {
            fixes.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
            return { text: draft.text, fixes };
        }
        for (const mend of applied) {
            const offset = rounds.reduceRight((later, round) => (0,yaml/* offsetBefore */.fh)(later, round), mend.at);
            fixes.push({ at: at(offset), reason: mend.reason });
        }
        rounds.push(applied);
        if (rounds.length > maxRounds)
            throw new errors/* InvariantError */.zU('Mending does not come to an end.');
        draft = draftOf(text);
        if (!draft)
            throw new errors/* InvariantError */.zU('A mended text cannot be read.');
    }
    return { text: file.text, fixes: [] };
}

;// CONCATENATED MODULE: ./build/imageset/fix/index.js



/***/ })

};
