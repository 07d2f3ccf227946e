export const id = 797;
export const ids = [797];
export const modules = {

/***/ 178:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createChartCollector: () => (/* binding */ createChartCollector)
});

// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var base = __webpack_require__(8665);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(8321);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./node_modules/tar-stream/index.js
var tar_stream = __webpack_require__(6118);
// EXTERNAL MODULE: ./build/content/index.js + 5 modules
var content = __webpack_require__(1146);
;// CONCATENATED MODULE: ./build/helm/limits.js

const chartLimits = {
    archive: (0,base/* atMost */.Tu)(32 * base/* mebibyte */.E$, 'bytes', 'Helm keeps an installed chart in a Secret, which holds one megabyte.'),
    file: (0,base/* atMost */.Tu)(5 * base/* mebibyte */.E$, 'bytes', 'Helm itself reads no larger file of a chart.'),
    unpacked: (0,base/* atMost */.Tu)(100 * base/* mebibyte */.E$, 'bytes of unpacked files', 'Helm itself unpacks no larger chart.'),
    files: (0,base/* atMost */.Tu)(20_000, 'files', 'The largest charts have about two thousand files, those of their dependencies included.'),
    ignored: (0,base/* atMost */.Tu)(64 * 1024, 'bytes', 'A .helmignore has some twenty lines.'),
    ignoreSteps: (0,base/* atMost */.Tu)(50_000_000, 'steps to match all paths', 'Twenty patterns over two thousand files take less than a million.'),
    nesting: (0,base/* atMost */.Tu)(8, 'charts inside each other', 'Charts of charts of charts are three levels deep.'),
    index: (0,base/* atMost */.Tu)(64 * base/* mebibyte */.E$, 'bytes', 'The largest public index has about 25 MB.'),
    rendered: (0,base/* atMost */.Tu)(64 * base/* mebibyte */.E$, 'bytes of rendered documents', 'A cluster takes no object of more than 1.5 MB, and a chart has a few hundred objects.'),
};
const indexJson = {
    ...base/* jsonLimits */.hn,
    values: { ...base/* jsonLimits */.hn.values, most: 2_500_000 },
};

;// CONCATENATED MODULE: ./build/helm/archive.js






async function readChartArchive(bytes, name) {
    (0,base/* checkLimit */.ab)(name, bytes.byteLength, chartLimits.archive);
    let count = 0;
    const files = await (0,content/* readLayerFiles */.PJ)({ name, bytes: (0,base/* oneChunk */.wX)(bytes), code: 'CHART_INVALID' }, {
        isWanted(path) {
            count += 1;
            (0,base/* checkLimit */.ab)(name, count, chartLimits.files);
            return path.includes('/');
        },
        what: 'chart',
        limits: { file: chartLimits.file, files: chartLimits.unpacked },
    });
    return new Map([...files].map(([path, file]) => [path.slice(path.indexOf('/') + 1), file]));
}
async function packChart(files) {
    const tar = (0,tar_stream.pack)();
    for (const [path, bytes] of files) {
        tar.entry({ name: `chart/${path}`, mtime: new Date(0) }, Buffer.from(bytes));
    }
    tar.finalize();
    return (0,external_node_zlib_.gzipSync)(await (0,consumers_.buffer)(tar), { level: 1 });
}

// EXTERNAL MODULE: ./build/yaml/index.js + 7 modules
var yaml = __webpack_require__(4406);
;// CONCATENATED MODULE: ./build/helm/yaml-object.js



function parseYamlObject(text, what, limits) {
    const value = parseYamlValue(text, what, limits);
    if (value === null || (0,base/* isRecord */.u4)(value))
        return (0,base/* asObject */.eB)(value);
    throw new errors/* ContentError */.yg('CHART_INVALID', `${what} is no mapping.`);
}
function versionText(value) {
    return typeof value === 'number' ? String(value) : (0,base/* textOrEmpty */._c)(value);
}
function parseYamlValue(text, what, limits) {
    try {
        return (0,yaml/* parseYaml */.hN)(text, what, limits);
    }
    catch (cause) {
        if (cause instanceof errors/* ContentError */.yg)
            throw cause;
        const message = `${what} is not valid YAML: ${(0,errors/* messageOf */.bD)(cause)}`;
        throw new errors/* ContentError */.yg('CHART_INVALID', message, { cause });
    }
}

;// CONCATENATED MODULE: ./build/helm/chart.js





function chartText(files, path) {
    const bytes = files.get(path);
    return bytes === undefined
        ? ''
        : Buffer.from(bytes)
            .toString('utf8')
            .replace(/^\ufeff/, '');
}
function dependencyOf(entry) {
    const name = (0,base/* textOrEmpty */._c)(entry['name']);
    const conditions = (0,base/* textOrEmpty */._c)(entry['condition'])
        .split(',')
        .map((path) => path.trim())
        .filter((path) => path !== '');
    return { name, key: (0,base/* textOrEmpty */._c)(entry['alias']) || name, conditions };
}
function readDeclaration({ metadata, files }, what) {
    const file = 'requirements.yaml';
    if (metadata['apiVersion'] !== 'v1' || !files.has(file)) {
        return { file: 'Chart.yaml', fields: metadata };
    }
    return { file, fields: parseYamlObject(chartText(files, file), `${what}: ${file}`) };
}
function subchartParts(files) {
    const parts = new Map();
    for (const [path, bytes] of files) {
        const [top, name = '', ...rest] = path.split('/');
        if (top !== 'charts' || /^[._]/.test(name))
            continue;
        const isArchive = rest.length === 0 && name.endsWith('.tgz');
        if (rest.length === 0 && !isArchive)
            continue;
        const part = parts.get(name) ?? new Map();
        part.set(rest.join('/'), bytes);
        parts.set(name, part);
    }
    return parts;
}
async function loadSubcharts(files, usage) {
    const charts = [];
    for (const [name, part] of subchartParts(files)) {
        const archive = part.get('');
        const inner = archive ? await readChartArchive(archive, `charts/${name}`) : part;
        if (!inner.has('Chart.yaml'))
            continue;
        usage.spent.bytes += archive ? sizeOf(inner) : 0;
        (0,base/* checkLimit */.ab)('The chart', usage.spent.bytes, chartLimits.unpacked);
        charts.push(await load(inner, `charts/${name}`, { ...usage, depth: usage.depth + 1 }));
    }
    return charts;
}
function sizeOf(files) {
    return [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
async function load(files, what, usage) {
    (0,base/* checkLimit */.ab)(what, usage.depth, chartLimits.nesting);
    if (!files.has('Chart.yaml')) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${what} is no chart: it has no Chart.yaml.`);
    }
    const metadata = parseYamlObject(chartText(files, 'Chart.yaml'), `${what}: Chart.yaml`);
    const { fields } = readDeclaration({ metadata, files }, what);
    return {
        name: (0,base/* textOrEmpty */._c)(metadata['name']),
        version: (0,base/* textOrEmpty */._c)(metadata['version']),
        appVersion: versionText(metadata['appVersion']),
        isLibrary: metadata['type'] === 'library',
        metadata,
        dependencies: (0,base/* records */.V0)(fields['dependencies']).map(dependencyOf),
        files,
        subcharts: await loadSubcharts(files, usage),
    };
}
async function loadChart(files, what) {
    return await load(files, what, { spent: { bytes: sizeOf(files) }, depth: 0 });
}
function missingDependencies({ dependencies, subcharts }) {
    const present = new Set(subcharts.map(({ name }) => name));
    return dependencies.map(({ name }) => name).filter((name) => !present.has(name));
}

;// CONCATENATED MODULE: ./build/helm/chart-index.js




function versionOf(name, entry) {
    const version = versionText(entry['version']);
    const hex = (0,base/* textOrEmpty */._c)(entry['digest']).replace(/^sha256:/, '');
    if (version === '')
        return [];
    return [
        {
            name,
            version,
            urls: (0,base/* texts */.Te)(entry['urls']),
            ...(hex !== '' && { digest: hex }),
            isLibrary: entry['type'] === 'library',
        },
    ];
}
function versionsIn(entries, name) {
    return (0,base/* records */.V0)(Object.hasOwn(entries, name) ? entries[name] : undefined).flatMap((entry) => versionOf(name, entry));
}
function cutEntries(text) {
    const head = /^entries:[ \t]*(?:#.*)?\r?$/m.exec(text);
    if (!head)
        return undefined;
    const rest = text.slice(head.index + head[0].length + 1);
    const end = /^[^\s#]/m.exec(rest)?.index ?? rest.length;
    const block = rest.slice(0, end);
    const indent = /^( +)[^\s#-]/m.exec(block)?.[1]?.length;
    if (indent === undefined ||
        indent > 40 ||
        /^ *(?:- +)?(?:- +|[\w.<-]+:[ \t]+)[&*]\w/m.test(block))
        return undefined;
    const starts = [...block.matchAll(new RegExp(`^ {${indent}}(?=[^\\s#-])`, 'gm'))].map(({ index }) => index);
    const pieces = starts.map((start, at) => block.slice(start, starts[at + 1]));
    return new Map(pieces.map((piece) => [keyOf(piece), piece]));
}
const longestName = 500;
function keyOf(piece) {
    const [, quoted, plain = ''] = /^ *(?:["']([^"']*)["']|([^:]*))/.exec(piece.slice(0, longestName)) ?? [];
    return quoted ?? plain.trimEnd();
}
function parseChartIndex(text, what) {
    const pieces = cutEntries(text);
    if (pieces) {
        const versionsOf = (name) => {
            const piece = pieces.get(name);
            return piece === undefined ? [] : versionsIn(parseYamlObject(piece, what), name);
        };
        return { names: [...pieces.keys()], versionsOf };
    }
    const { entries } = parseYamlObject(text, what, indexJson);
    if (!(0,base/* isRecord */.u4)(entries)) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${what} is no index of a chart repository.`, {
            hint: 'The URL of a repository is the one above its index.yaml.',
        });
    }
    return {
        names: Object.keys(entries),
        versionsOf: (name) => versionsIn(entries, name),
    };
}

// EXTERNAL MODULE: ./build/oci/index.js + 5 modules
var oci = __webpack_require__(7402);
// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(2088);
;// CONCATENATED MODULE: ./build/helm/chart-version.js

function looseVersion(text) {
    const exact = semver.parse(text, { loose: true });
    if (exact)
        return exact;
    const [, bare] = /^v?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    return bare === undefined ? undefined : (semver.coerce(bare) ?? undefined);
}
function rangeOf(wanted) {
    return semver.validRange(wanted.replaceAll(',', ' ').replaceAll(/([<>=~^]) +/g, '$1'), {
        loose: true,
    });
}
function chooseChartVersion(versions, wanted) {
    const exact = versions.find(({ version }) => version === wanted);
    const range = wanted.trim() === '' ? '*' : rangeOf(wanted);
    if (exact || range === null)
        return exact;
    const includePrerelease = /\d-[0-9A-Za-z]/.test(wanted);
    const fitting = versions.flatMap((one) => {
        const parsed = looseVersion(one.version);
        return parsed && semver.satisfies(parsed, range, { includePrerelease })
            ? [{ one, parsed }]
            : [];
    });
    return fitting.toSorted((a, b) => b.parsed.compare(a.parsed))[0]?.one;
}
function canonicalVersion(text) {
    const parsed = looseVersion(text);
    if (!parsed)
        return undefined;
    return parsed.build.length > 0 ? `${parsed.version}+${parsed.build.join('.')}` : parsed.version;
}

;// CONCATENATED MODULE: ./build/helm/oci-chart.js





const ociScheme = 'oci://';
const chartTypes = new Set([
    'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    'application/tar+gzip',
]);
function parseChartReference(text) {
    const [, registry = '', rest = ''] = /^oci:\/\/([^/]+)\/(.+)$/.exec(text) ?? [];
    const { name, tag, digest } = (0,oci/* splitName */.W0)(rest);
    if (registry === '' || !oci/* repositoryPattern */.Z0.test(name)) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${text} is no chart in a registry.`, {
            hint: 'Write oci://host/path/chart, in lower case, and the version beside it.',
        });
    }
    return { registry, repository: name, written: digest ?? tag };
}
async function findTag(repository, wanted) {
    const isConstraint = wanted === '' || /[\s<>=^~*|,]|(?:^|\.)x\b/i.test(wanted);
    if (!isConstraint)
        return await repository.manifests.fetch(wanted.replaceAll('+', '_'));
    const tags = (await repository.tags.list()) ?? [];
    const versions = tags.map((tag) => ({ tag, version: tag.replaceAll('_', '+') }));
    const found = chooseChartVersion(versions, wanted);
    return found && (await repository.manifests.fetch(found.tag));
}
async function pullOciChart(reference, version, { registries, cache }) {
    const { registry, repository: path, written } = parseChartReference(reference);
    const repository = registries.repository(registry, path);
    const asked = written ?? version;
    const manifest = (0,oci/* isDigest */.Bc)(asked)
        ? await repository.manifests.fetch(asked)
        : await findTag(repository, asked);
    const from = `${registry}/${path}${(0,oci/* isDigest */.Bc)(asked) ? '@' : ':'}${asked}`;
    if (!manifest) {
        throw new errors/* RegistryError */.gl('NOT_FOUND', `${from}: not found`, {
            hint: `Check the name and the version of the chart in ${registry}.`,
        });
    }
    const layers = manifest.kind === 'image' ? manifest.layers : [];
    const layer = layers.find(({ mediaType }) => chartTypes.has(mediaType));
    if (!layer) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${from} is no chart: it has no layer of that type.`);
    }
    const source = { repository, cache };
    const bytes = await (0,content/* readBlob */.gm)(layer, source, {
        what: `Chart ${from}`,
        limit: chartLimits.archive,
    });
    return { from, bytes };
}

;// CONCATENATED MODULE: ./build/helm/chart-source.js







function ociRequest(text, version) {
    const { name, tag, digest } = (0,oci/* splitName */.W0)(text);
    const slash = name.lastIndexOf('/');
    return {
        url: name.slice(0, slash),
        name: name.slice(slash + 1),
        version: digest ?? tag ?? version,
    };
}
function indexUrl(url) {
    const parsed = URL.parse(url);
    if (!parsed || !/^https?:$/.test(parsed.protocol)) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `could not find protocol handler for: ${url}`, {
            hint: 'Write the URL of the repository: https://, http:// or oci://.',
        });
    }
    if (!parsed.pathname.endsWith('/index.yaml')) {
        parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/index.yaml`;
    }
    return parsed.href;
}
function shown(url) {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
}
async function download(url, options, most) {
    if (options.prefer === 'archive') {
        const message = `The archive has no copy of ${shown(url)}, and neither has the workspace`;
        throw new errors/* ContentError */.yg('ARCHIVE_INCOMPLETE', message, {
            hint: 'Load the archives before this one first, or check the name and version of the chart.',
        });
    }
    const answer = await options.registries.get(url, { maxBytes: most });
    if (answer.status === 200)
        return answer.body;
    const code = answer.status === 404 ? 'NOT_FOUND' : 'UNEXPECTED_STATUS';
    throw new errors/* RegistryError */.gl(code, `failed to fetch ${shown(url)} : ${answer.status}`, {
        method: 'GET',
        url: shown(url),
        status: answer.status,
        hint: 'Check the URL of the chart repository, and that it can be read without a login.',
    });
}
function savedIndex(url) {
    const { host, pathname } = new URL(url);
    return `helm/indexes/${host}${pathname}`;
}
function fileName(name) {
    return name.replaceAll(/[^\w.+-]/g, '_').replace(/^\.+/, '_');
}
function chartFile(name, version) {
    return `helm/charts/${fileName(`${name}-${version}.tgz`)}`;
}
function savedChart(url, { name, version }) {
    const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
    const isPlain = /^\w[\w.+-]*\.(?:tgz|tar\.gz)$/.test(last);
    return isPlain ? `helm/charts/${last}` : chartFile(name, version);
}
function fixedVersion(version) {
    return (0,oci/* isDigest */.Bc)(version) ? version : canonicalVersion(version);
}
function sha256(bytes) {
    return (0,oci/* hexOf */.ZD)((0,oci/* digestOf */.ol)(bytes));
}
async function readIndex(url, options) {
    const path = savedIndex(url);
    const parse = (bytes) => parseChartIndex(Buffer.from(bytes).toString('utf8'), `The index ${shown(url)}`);
    const saved = options.prefer !== 'fresh' ? await options.shelf.read(path) : undefined;
    if (saved)
        return parse(saved);
    const bytes = await download(url, options, chartLimits.index.most);
    const index = parse(bytes);
    await options.shelf.write(path, bytes);
    return index;
}
function isDescribed(bytes, { digest }) {
    return digest === undefined || sha256(bytes) === digest.toLowerCase();
}
async function fetchVersion(found, index, options) {
    const [address] = found.urls;
    const url = address === undefined ? undefined : URL.parse(address, index)?.href;
    if (address === undefined || url === undefined) {
        const message = `chart "${found.name}" has no downloadable URLs`;
        throw new errors/* ContentError */.yg('CHART_INVALID', message);
    }
    if (address.startsWith(ociScheme)) {
        const pulled = await pullOciChart(address, found.version, options);
        await options.shelf.write(chartFile(found.name, found.version), pulled.bytes);
        return pulled;
    }
    const path = savedChart(url, found);
    const mayRecall = found.digest !== undefined || options.prefer !== 'fresh';
    const saved = mayRecall ? await options.shelf.read(path) : undefined;
    if (saved && isDescribed(saved, found))
        return { from: shown(url), bytes: saved };
    const bytes = await download(url, options, chartLimits.archive.most);
    if (!isDescribed(bytes, found)) {
        const message = `The chart ${shown(url)} is not the one that the index of its repository describes.`;
        throw new errors/* ContentError */.yg('DIGEST_MISMATCH', message, {
            expected: found.digest,
            actual: sha256(bytes),
            hint: 'The publisher has to write the index again, or something on the way changed the archive.',
        });
    }
    await options.shelf.write(path, bytes);
    return { from: shown(url), bytes };
}
async function recall({ name, version }, { shelf, prefer }) {
    const fixed = fixedVersion(version);
    if (prefer === 'fresh' || fixed === undefined)
        return undefined;
    for (const written of [fixed, `v${fixed}`]) {
        const from = chartFile(name, written);
        const bytes = await shelf.read(from);
        if (bytes)
            return { from, bytes };
    }
    return undefined;
}
async function pullFromIndex(request, index, options) {
    const versions = index.versionsOf(request.name);
    const found = chooseChartVersion(versions, request.version);
    if (found) {
        const saved = await recall({ ...request, version: found.version }, options);
        return saved ?? (await fetchVersion(found, indexUrl(request.url), options));
    }
    const wanted = request.version === '' ? '' : ` version "${request.version}"`;
    const known = versions.slice(0, 5).map(({ version }) => version);
    const hint = known.length > 0
        ? `Its first versions are ${known.join(', ')}.`
        : 'The repository has no chart of this name.';
    const message = `chart "${request.name}"${wanted} not found in ${request.url} repository`;
    throw new errors/* ContentError */.yg('CHART_INVALID', message, { hint });
}
function createChartSource(options) {
    const indexes = (0,base/* createOnce */.Ur)();
    const openIndex = async (repository) => {
        const url = indexUrl(repository);
        return await indexes.run(url, () => readIndex(url, options));
    };
    return {
        async list(repository) {
            if (repository.startsWith(ociScheme)) {
                throw new errors/* ContentError */.yg('CHART_INVALID', `${repository} has no list of its charts.`, {
                    hint: 'A registry does not tell which charts it has: name them below "charts".',
                });
            }
            const index = await openIndex(repository);
            return index.names
                .flatMap((name) => index.versionsOf(name))
                .filter(({ isLibrary }) => !isLibrary)
                .map(({ name, version }) => ({ name, version }));
        },
        async pull(request) {
            const saved = await recall(request, options);
            if (saved)
                return saved;
            const { url, name, version } = request;
            if (!url.startsWith(ociScheme)) {
                return await pullFromIndex(request, await openIndex(url), options);
            }
            const chart = await pullOciChart(`${url.replace(/\/+$/, '')}/${name}`, version, options);
            const fixed = fixedVersion(version);
            if (fixed !== undefined)
                await options.shelf.write(chartFile(name, fixed), chart.bytes);
            return chart;
        },
    };
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/helm/local-chart.js






function parseRule(line) {
    const text = line.trim();
    if (text === '' || text.startsWith('#'))
        return [];
    const isNegated = text.startsWith('!');
    const bare = isNegated ? text.slice(1) : text;
    const path = bare.replace(/\/$/, '');
    const patterns = path.replace(/^\//, '').split('/');
    return [
        { patterns, isNegated, onlyDirectories: bare.endsWith('/'), isRooted: path.includes('/') },
    ];
}
function matches({ patterns, isRooted }, path, work) {
    const all = path.split('/');
    const names = isRooted ? all : all.slice(-1);
    work.steps += 1;
    return (names.length === patterns.length &&
        names.every((name, index) => (0,base/* matchName */.hu)(patterns[index] ?? '', name, work)));
}
function parseIgnore(text) {
    const rules = text.split('\n').flatMap(parseRule);
    const work = { steps: 0 };
    return (path, kind) => {
        (0,base/* checkLimit */.ab)('The .helmignore of the chart', work.steps, chartLimits.ignoreSteps);
        const meant = kind === 'file' ? rules.filter((rule) => !rule.onlyDirectories) : rules;
        const last = meant.findLast((rule) => matches(rule, path, work));
        return last !== undefined && !last.isNegated;
    };
}
async function takeFile(path, size, walking) {
    const name = `The chart file ${path}`;
    (0,base/* checkLimit */.ab)(name, size, chartLimits.file);
    walking.bytes += size;
    (0,base/* checkLimit */.ab)('The chart', walking.bytes, chartLimits.unpacked);
    (0,base/* checkLimit */.ab)('The chart', walking.files.size + 1, chartLimits.files);
    walking.files.set(path, await (0,promises_.readFile)((0,external_node_path_.join)(walking.root, path)));
}
async function checkInside(path, { root, inside }) {
    const real = await (0,promises_.realpath)((0,external_node_path_.join)(root, path));
    if (inside.some((directory) => real === directory || real.startsWith(`${directory}${external_node_path_.sep}`)))
        return;
    throw new errors/* ContentError */.yg('CHART_INVALID', `The chart file ${path} is a link that leaves the chart.`, {
        hint: 'Links may lead to files of the chart, or of the directory in which this tool runs.',
    });
}
async function walkDirectory(below, walking, depth) {
    if (depth > 32)
        return;
    const entries = await (0,promises_.readdir)((0,external_node_path_.join)(walking.root, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (0,base/* compareText */.n6)(a.name, b.name))) {
        const { name } = entry;
        const path = below === '' ? name : `${below}/${name}`;
        const found = await (0,promises_.stat)((0,external_node_path_.join)(walking.root, path)).catch(() => undefined);
        const kind = found?.isDirectory() ? 'directory' : 'file';
        if (!found || walking.isIgnored(path, kind))
            continue;
        if (entry.isSymbolicLink())
            await checkInside(path, walking);
        if (kind === 'directory')
            await walkDirectory(path, walking, depth + 1);
        else if (found.isFile())
            await takeFile(path, found.size, walking);
    }
}
async function readIgnore(path) {
    const found = await (0,promises_.stat)(path).catch(() => undefined);
    if (!found?.isFile())
        return '';
    return (await (0,base/* readWithin */.w0)(path, chartLimits.ignored, 'The .helmignore of the chart')).toString();
}
async function readChartDirectory(root) {
    if (!(await (0,promises_.stat)((0,external_node_path_.join)(root, 'Chart.yaml')).catch(() => undefined))) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${root} is no chart: it has no Chart.yaml.`);
    }
    const ignore = await readIgnore((0,external_node_path_.join)(root, '.helmignore'));
    const files = new Map();
    const inside = await Promise.all([(0,promises_.realpath)(root), (0,promises_.realpath)('.')]);
    await walkDirectory('', { root, inside, files, isIgnored: parseIgnore(ignore), bytes: 0 }, 0);
    return files;
}
async function existing(paths) {
    for (const path of paths) {
        if (await (0,promises_.stat)(path).catch(() => undefined))
            return path;
    }
    return undefined;
}
async function readValuesFile(path) {
    return (await (0,base/* readWithin */.w0)(path, chartLimits.file, `The values file ${path}`)).toString();
}
async function readLocalChart(path, configuration) {
    const places = (0,external_node_path_.isAbsolute)(path) ? [path] : [path, (0,external_node_path_.join)((0,external_node_path_.dirname)(configuration), path)];
    const found = await existing(places);
    if (found === undefined) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `no such file or directory: ${places.join(', ')}`, {
            hint: 'Correct the path: it counts from the current directory, else from the directory of the configuration.',
        });
    }
    const facts = await (0,promises_.stat)(found);
    if (facts.isDirectory())
        return await readChartDirectory(found);
    if (!facts.isFile()) {
        throw new errors/* ContentError */.yg('CHART_INVALID', `${found} is neither a file nor a directory`);
    }
    const name = `The chart ${path}`;
    return await readChartArchive(await (0,base/* readWithin */.w0)(found, chartLimits.archive, name), name);
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./build/helm/program.js








const mostTime = 120_000;
const mostComplaint = 64 * 1024;
function bareEnvironment(path, home) {
    const inside = (name) => (0,external_node_path_.join)(home, name);
    return {
        PATH: path,
        HOME: home,
        TMPDIR: home,
        KUBECONFIG: inside('no-cluster'),
        HELM_CACHE_HOME: inside('cache'),
        HELM_CONFIG_HOME: inside('config'),
        HELM_DATA_HOME: inside('data'),
        HELM_PLUGINS: inside('plugins'),
    };
}
async function run(args, call) {
    const done = new AbortController();
    const late = new AbortController();
    call.clock.sleep(mostTime, done.signal).then(() => late.abort(), () => { });
    try {
        return await spawnHelm(args, call, late.signal);
    }
    catch (thrown) {
        call.signal?.throwIfAborted();
        if (!late.signal.aborted)
            throw thrown;
        throw new errors/* ContentError */.yg('CHART_INVALID', `helm was ended after ${mostTime / 1000} s`);
    }
    finally {
        done.abort();
    }
}
function spawnHelm(args, { env, home, signal }, late) {
    return new Promise((resolve, reject) => {
        const child = (0,external_node_child_process_.spawn)('helm', args, {
            cwd: home,
            env: bareEnvironment(env['PATH'], home),
            stdio: ['ignore', 'pipe', 'pipe'],
            killSignal: 'SIGKILL',
            signal: signal ? AbortSignal.any([signal, late]) : late,
        });
        const output = [];
        const complaint = [];
        const size = { output: 0, complaint: 0 };
        child.stdout.on('data', (chunk) => {
            size.output += chunk.byteLength;
            if (size.output > chartLimits.rendered.most)
                child.kill('SIGKILL');
            else
                output.push(chunk);
        });
        child.stderr.on('data', (chunk) => {
            size.complaint += chunk.byteLength;
            if (size.complaint <= mostComplaint)
                complaint.push(chunk);
        });
        child.on('error', reject);
        child.on('close', (code) => {
            try {
                (0,base/* checkLimit */.ab)('The rendered chart', size.output, chartLimits.rendered);
                const text = (chunks) => Buffer.concat(chunks).toString('utf8');
                resolve({ code, output: text(output), complaint: text(complaint) });
            }
            catch (tooLarge) {
                reject(tooLarge);
            }
        });
    });
}
async function inTemporaryDirectory(directory, work) {
    await (0,promises_.mkdir)(directory, { recursive: true });
    const home = await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_path_.resolve)(directory), 'render-'));
    try {
        return await work(home);
    }
    finally {
        await (0,promises_.rm)(home, { recursive: true, force: true });
    }
}
function renderable(chart) {
    const missing = new Set(missingDependencies(chart));
    if (missing.size === 0 && chart.metadata['kubeVersion'] === undefined)
        return chart.files;
    const { kubeVersion: _, ...metadata } = chart.metadata;
    const { file, fields } = readDeclaration({ metadata, files: chart.files }, chart.name);
    const dependencies = (0,base/* records */.V0)(fields['dependencies']).filter((one) => !missing.has((0,base/* textOrEmpty */._c)(one['name'])));
    const encode = (value) => Buffer.from(JSON.stringify(value));
    return new Map([
        ...chart.files,
        ['Chart.yaml', encode(metadata)],
        [file, encode({ ...fields, dependencies })],
    ]);
}
function complaintOf({ code, complaint }) {
    const lines = complaint.split('\n').filter((line) => !/^(?:WARNING|walk\.go|level=)/.test(line));
    const text = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
    const end = code === null ? 'helm was ended by a signal' : `exit code ${code}`;
    return text === '' ? end : text.slice(0, 2000);
}
async function render(chart, values, options) {
    return await inTemporaryDirectory(options.directory, async (home) => {
        const archive = (0,external_node_path_.join)(home, 'chart.tgz');
        await (0,promises_.writeFile)(archive, await packChart(renderable(chart)));
        const files = values.map((_, index) => (0,external_node_path_.join)(home, `values-${index}.yaml`));
        await Promise.all(files.map((path, index) => (0,promises_.writeFile)(path, values[index] ?? '')));
        const flags = files.flatMap((path) => ['--values', path]);
        const call = { ...options, home };
        const ended = await run(['template', archive, '--include-crds', ...flags], call);
        if (ended.code === 0)
            return ended.output;
        throw new errors/* ContentError */.yg('CHART_INVALID', complaintOf(ended), {
            hint: 'Run "helm template" on the chart by hand. A value that it requires can be given in a values file.',
        });
    });
}
async function findHelm(options) {
    const { output } = await inTemporaryDirectory(options.directory, async (home) => run(['version', '--template', '{{.Version}}'], { ...options, home })).catch((thrown) => {
        if (options.signal?.aborted)
            throw thrown;
        return { output: '' };
    });
    const version = output.trim();
    if (!/^v\d+(?:\.\d+)+\S*$/.test(version))
        return undefined;
    return { version, render: (chart, values) => render(chart, values, options) };
}

;// CONCATENATED MODULE: ./build/helm/values.js



function mergeValues(under, over) {
    const merged = new Map(Object.entries(under));
    for (const [key, value] of Object.entries(over)) {
        const known = merged.get(key);
        if (value === null)
            merged.delete(key);
        else
            merged.set(key, (0,base/* isRecord */.u4)(known) && (0,base/* isRecord */.u4)(value) ? mergeValues(known, value) : value);
    }
    return Object.fromEntries(merged);
}
function valueAt(values, keys) {
    return keys.reduce((value, key) => ((0,base/* isRecord */.u4)(value) && Object.hasOwn(value, key) ? value[key] : undefined), values);
}
function isSwitchedOff({ conditions }, values) {
    const found = conditions.map((path) => valueAt(values, path.split('.')));
    return found.find((value) => typeof value === 'boolean') === false;
}
function scopesOf(chart, over, path) {
    const own = parseYamlObject(chartText(chart.files, 'values.yaml'), `${path}/values.yaml`);
    const values = mergeValues(own, over);
    const below = chart.subcharts.flatMap((subchart) => {
        const declared = chart.dependencies.filter(({ name }) => name === subchart.name);
        const wanted = declared.filter((one) => !isSwitchedOff(one, values));
        const keys = declared.length === 0 ? [subchart.name] : wanted.map(({ key }) => key);
        return keys.flatMap((key) => {
            const passed = (0,base/* asObject */.eB)(valueAt(values, [key]));
            const shared = mergeValues((0,base/* asObject */.eB)(passed['global']), (0,base/* asObject */.eB)(values['global']));
            return scopesOf(subchart, { ...passed, global: shared }, `${path}/charts/${key}`);
        });
    });
    return [{ chart, values, path }, ...below];
}
function scopeValues(chart, files) {
    const over = files
        .map((text) => parseYamlObject(text, 'The values file'))
        .reduce(mergeValues, {});
    return scopesOf(chart, over, chart.name);
}

;// CONCATENATED MODULE: ./build/helm/rendered.js




const podSpecPlaces = [
    ['spec', 'template', 'spec'],
    ['spec'],
    ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    ['template', 'spec'],
];
const containerLists = ['initContainers', 'containers', 'ephemeralContainers'];
function imagesOfPod(spec) {
    const containers = containerLists.flatMap((list) => (0,base/* records */.V0)(spec[list]));
    return [
        ...containers.map(({ image }) => image),
        ...(0,base/* records */.V0)(spec['volumes']).map(({ image }) => (0,base/* asObject */.eB)(image)['reference']),
    ];
}
function imagesOfObject(document, paths) {
    const inLists = (0,base/* records */.V0)(document['items']).flatMap((item) => imagesOfObject(item, paths));
    const found = [
        ...podSpecPlaces.flatMap((place) => imagesOfPod((0,base/* asObject */.eB)(valueAt(document, place)))),
        ...paths.flatMap((path) => (0,base/* evaluatePath */.fz)(path, document)),
    ];
    const texts = found.filter((one) => typeof one === 'string');
    return [...texts.flatMap((text) => text.split(/\s+/)).filter((one) => one !== ''), ...inLists];
}
function documentsOf(rendered) {
    return rendered.split(/^---[ \t]*\r?$/m).flatMap((text) => {
        const [, template = ''] = /^# Source: (.*?)\r?$/m.exec(text) ?? [];
        return /^[ \t]*[^#\s]/m.test(text) ? [{ text, template }] : [];
    });
}
function findRenderedImages(rendered, paths) {
    const images = [];
    const unseen = [];
    for (const { text, template } of documentsOf(rendered)) {
        try {
            const document = parseYamlValue(text, `A document of ${template || 'the chart'}`);
            const found = (0,base/* isRecord */.u4)(document) ? imagesOfObject(document, paths) : [];
            images.push(...found.map((image) => ({ image, template })));
        }
        catch (thrown) {
            unseen.push({ template, what: (0,errors/* messageOf */.bD)(thrown) });
        }
    }
    return { images, unseen };
}

;// CONCATENATED MODULE: ./build/helm/template-text.js


const operand = /^(?:"([^"]*)"|\$?\.(Values|Chart)((?:\.[A-Za-z_][\w-]*)+))$/;
const chartFields = new Map([
    ['Name', 'name'],
    ['Version', 'version'],
    ['AppVersion', 'appVersion'],
]);
function lookUp(text, { chart, values }) {
    const [match, literal, root, path = ''] = operand.exec(text) ?? [];
    if (match === undefined)
        return undefined;
    if (literal !== undefined)
        return literal;
    const keys = path.slice(1).split('.');
    if (root === 'Chart') {
        const field = keys.length === 1 ? chartFields.get(keys[0] ?? '') : undefined;
        return field && chart[field];
    }
    return versionText(valueAt(values, keys));
}
function fallBack(value, text, scope) {
    return value === '' ? lookUp(text, scope) : value;
}
function replace(expression, scope) {
    const [first = '', ...rest] = expression.split('|').map((part) => part.trim());
    const [, otherwise, tried] = /^default\s+(\S+)\s+(\S+)$/.exec(first) ?? [];
    const start = lookUp(tried ?? first, scope);
    const begun = start === undefined || otherwise === undefined ? start : fallBack(start, otherwise, scope);
    return rest.reduce((value, part) => {
        if (value === undefined || /^(?:quote|squote|toString|trim)$/.test(part))
            return value;
        const [, fallback] = /^default\s+(\S+)$/.exec(part) ?? [];
        return fallback === undefined ? undefined : fallBack(value, fallback, scope);
    }, begun);
}
function substitute(text, scope) {
    let isUnderstood = true;
    const replaced = text.replaceAll(/\{\{([^{}]*)\}\}/g, (_, inside) => {
        const value = replace(inside.replace(/^-/, '').replace(/-$/, ''), scope);
        isUnderstood &&= value !== undefined;
        return value ?? '';
    });
    return isUnderstood && !/\{\{|\}\}/.test(replaced) ? replaced : undefined;
}

;// CONCATENATED MODULE: ./build/helm/values-images.js



function hasVersion(reference) {
    return reference.includes('@') || reference.lastIndexOf(':') > reference.lastIndexOf('/');
}
function repositoryIn(fields) {
    return (0,base/* textOrEmpty */._c)(fields['repository']) || (0,base/* textOrEmpty */._c)(fields['image']);
}
function joinFields(fields, { chart, values }) {
    const repository = repositoryIn(fields);
    const everywhere = (0,base/* textOrEmpty */._c)(valueAt(values, ['global', 'imageRegistry']));
    const shared = (0,base/* textOrEmpty */._c)(valueAt(values, ['global', 'image', 'registry']));
    const registry = everywhere || (0,base/* textOrEmpty */._c)(fields['registry']) || shared;
    const name = registry === '' ? repository : `${registry}/${repository}`;
    if (hasVersion(repository))
        return name;
    const digest = (0,base/* textOrEmpty */._c)(fields['digest']) || (0,base/* textOrEmpty */._c)(fields['sha']);
    const tag = versionText(fields['tag']) || versionText(fields['version']);
    const version = digest === '' ? tag || chart.appVersion : tag;
    const whole = digest === '' || digest.includes(':') ? digest : `sha256:${digest}`;
    return `${name}${version === '' ? '' : `:${version}`}${whole === '' ? '' : `@${whole}`}`;
}
function describesImage(fields) {
    const repository = repositoryIn(fields);
    const isVersioned = ['tag', 'digest', 'version'].some((name) => name in fields);
    return repository !== '' && (isVersioned || hasVersion(repository));
}
function search(key, value, scope) {
    if (Array.isArray(value))
        return value.flatMap((one) => search(key, one, scope));
    if (typeof value === 'string' && /image$/i.test(key) && hasVersion(value))
        return [value];
    if (!(0,base/* isRecord */.u4)(value))
        return [];
    if (describesImage(value))
        return [joinFields(value, scope)];
    return Object.entries(value).flatMap(([inner, one]) => search(inner, one, scope));
}
function findValuesImages(scope) {
    const inside = new Set(scope.chart.subcharts.map(({ name }) => name));
    const aliases = scope.chart.dependencies.map(({ key }) => key);
    const foreign = new Set([...inside, ...aliases, 'global']);
    const own = Object.entries(scope.values).filter(([key]) => !foreign.has(key));
    return own.flatMap(([key, value]) => search(key, value, scope));
}

;// CONCATENATED MODULE: ./build/helm/unrendered.js






const annotations = ['artifacthub.io/images', 'images'];
function findAnnotatedImages({ metadata }, path) {
    const all = (0,base/* asObject */.eB)(metadata['annotations']);
    const template = `${path}/Chart.yaml`;
    const found = annotations.map((name) => {
        try {
            const entries = (0,base/* records */.V0)(parseYamlValue((0,base/* textOrEmpty */._c)(all[name]), name));
            const images = entries.map(({ image }) => (0,base/* textOrEmpty */._c)(image)).filter((one) => one !== '');
            return { images: images.map((image) => ({ image, template })), unseen: [] };
        }
        catch {
            return { images: [], unseen: [{ template, what: `the annotation ${name}` }] };
        }
    });
    return joinFindings(found);
}
function joinFindings(all) {
    return {
        images: all.flatMap(({ images }) => images),
        unseen: all.flatMap(({ unseen }) => unseen),
    };
}
const imageField = /(^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)["']?image["']?[ \t]*:[ \t]*(?=(\S[^\n]{0,1000}))/gm;
const longestValue = 1000;
function closingQuote(text, quote) {
    for (let at = 1; at < text.length; at += 1) {
        const expression = text.startsWith('{{', at) ? text.indexOf('}}', at) : -1;
        if (expression > 0)
            at = expression + 1;
        else if (text[at] === quote)
            return at;
    }
    return -1;
}
function flowValue(rest) {
    return /^(?:\{\{.*?\}\}|[^,}\]])*/.exec(rest)?.[0] ?? '';
}
function bareValue(rest, isFlow) {
    const [first = ''] = rest;
    const end = /["']/.test(first) ? closingQuote(rest, first) : -1;
    if (end > 0)
        return rest.slice(1, end);
    return (isFlow ? flowValue(rest) : rest).replace(/\s+#.*$/, '').replace(/,?\s*$/, '');
}
function lineCounter(text) {
    const newlines = text.matchAll(/\n/g);
    let line = 1;
    let next = newlines.next();
    return (offset) => {
        for (; !next.done && next.value.index < offset; next = newlines.next())
            line += 1;
        return line;
    };
}
function readImageField({ template, lineAt }, match, scope) {
    const [, before = '', rest = ''] = match;
    const value = bareValue(rest, /[{,]/.test(before));
    if (/^[{[|>&*#](?!\{)/.test(value))
        return undefined;
    const image = rest.length > longestValue ? undefined : substitute(value, scope)?.trim();
    if (image !== undefined)
        return image === '' ? undefined : { image, template };
    return { template, line: lineAt(match.index), what: value.slice(0, 200) };
}
function readTemplate(path, scope) {
    const text = chartText(scope.chart.files, path);
    const read = { template: `${scope.path}/${path}`, lineAt: lineCounter(text) };
    const found = [...text.matchAll(imageField)].flatMap((match) => readImageField(read, match, scope) ?? []);
    return {
        images: found.filter((one) => 'image' in one),
        unseen: found.filter((one) => 'what' in one),
    };
}
function readScope(scope) {
    const { chart, path } = scope;
    const templates = [...chart.files.keys()].filter((name) => /^templates\/.*\.(?:ya?ml|json|tpl)$/.test(name));
    const values = findValuesImages(scope).map((image) => ({
        image,
        template: `${path}/values.yaml`,
    }));
    return joinFindings([
        findAnnotatedImages(chart, path),
        { images: values, unseen: [] },
        ...templates.map((name) => readTemplate(name, scope)),
    ]);
}
function findUnrenderedImages(chart, values) {
    return joinFindings(scopeValues(chart, values).map(readScope));
}

;// CONCATENATED MODULE: ./build/helm/index.js











// EXTERNAL MODULE: ./build/imageset/collector.js
var collector = __webpack_require__(5565);
// EXTERNAL MODULE: ./build/imageset/entries.js
var entries = __webpack_require__(8230);
// EXTERNAL MODULE: ./build/imageset/collectors/helm-entry.js
var helm_entry = __webpack_require__(6050);
// EXTERNAL MODULE: ./build/imageset/image-spec.js
var image_spec = __webpack_require__(4323);
// EXTERNAL MODULE: ./build/imageset/target-name.js
var target_name = __webpack_require__(2457);
;// CONCATENATED MODULE: ./build/imageset/collectors/helm-placements.js



const mostNamed = 20;
function warn(entry, finding) {
    return { severity: 'warning', at: (0,helm_entry/* chartCause */.eN)(entry).at, ...finding };
}
function placementOf(spec, entry, prefix) {
    const { platforms = [] } = entry.chart ?? {};
    return {
        source: (0,image_spec/* pullSource */.l1)(spec),
        target: (0,target_name/* imagePlace */.r9)(prefix, spec),
        kind: 'helmImage',
        origin: spec.reference,
        causes: [(0,helm_entry/* chartCause */.eN)(entry)],
        ...(platforms.length > 0 && { platforms }),
    };
}
function judge(image) {
    const { spec } = (0,image_spec/* readImageSpec */.RI)(image);
    if (!spec) {
        const isBare = !/\s/.test(image) && (0,image_spec/* readImageSpec */.RI)(`${image}:latest`).spec !== undefined;
        return isBare
            ? `It has neither tag nor digest, and there is no implicit "latest". To mirror it, name it in additionalImages with its tag, or give the tag in a values file.`
            : 'It is no image reference.';
    }
    if (spec.transport !== image_spec/* dockerTransport */.Ic)
        return 'It does not lie in a registry.';
    const source = (0,image_spec/* pullSource */.l1)(spec);
    const fault = (0,image_spec/* grammarFault */.Yw)(source) ?? (0,image_spec/* grammarFault */.Yw)({ repository: spec.path });
    return fault === undefined ? spec : `${fault}.`;
}
function skipped({ image, template }, why, entry) {
    const where = template === '' ? '' : ` in ${template}`;
    return warn(entry, {
        code: 'chart-image-skipped',
        summary: 'An image of a chart is not mirrored.',
        detail: `The chart "${(0,helm_entry/* chartName */.Y1)(entry)}" names "${image}"${where}. ${why}`,
        text: image,
    });
}
function unseenFindings(unseen, entry) {
    const templates = [...Map.groupBy(unseen, ({ template }) => template)];
    const found = templates.slice(0, mostNamed).map(([template, parts]) => {
        const [first] = parts;
        const line = first?.line === undefined ? '' : ` line ${first.line}`;
        const more = parts.length > 1 ? ` and ${parts.length - 1} more` : '';
        return warn(entry, {
            code: 'chart-part-unseen',
            summary: 'A part of a chart could not be searched for images.',
            detail: `The chart "${(0,helm_entry/* chartName */.Y1)(entry)}", template ${template}${line}: ${first?.what ?? ''}${more}. If it names an image that is missing in the plan, add it to additionalImages, or run where helm is on PATH.`,
            text: template,
        });
    });
    const rest = templates.length - found.length;
    if (rest <= 0)
        return found;
    const summary = 'More parts of a chart could not be searched for images.';
    const detail = `The chart "${(0,helm_entry/* chartName */.Y1)(entry)}" has ${rest} more such templates.`;
    return [
        ...found,
        warn(entry, { code: 'chart-part-unseen', summary, detail, text: (0,helm_entry/* chartName */.Y1)(entry) }),
    ];
}
function placeChartImages({ images, unseen }, entry, prefix) {
    const groups = Map.groupBy(images, ({ image }) => image).values();
    const judged = [...groups].flatMap(([first]) => {
        if (!first)
            return [];
        const found = judge(first.image);
        return typeof found === 'string'
            ? { finding: skipped(first, found, entry) }
            : { placement: placementOf(found, entry, prefix) };
    });
    return {
        placements: judged.flatMap(({ placement }) => placement ?? []),
        diagnostics: [
            ...judged.flatMap(({ finding }) => finding ?? []),
            ...unseenFindings(unseen, entry),
        ],
    };
}

// EXTERNAL MODULE: ./build/imageset/collectors/operator-placements.js
var operator_placements = __webpack_require__(7752);
;// CONCATENATED MODULE: ./build/imageset/collectors/helm.js








const parallelCharts = 3;
class EntryFailure extends Error {
    failure;
    constructor(failure) {
        super(failure.message);
        this.failure = failure;
    }
}
async function step(entry, message, work) {
    try {
        return await work();
    }
    catch (thrown) {
        throw new EntryFailure((0,helm_entry/* chartFailure */.Nh)(entry, thrown, { message: message(thrown) }));
    }
}
async function openChart(entry, { source }) {
    const { chart = { name: '' }, url, imageSet } = entry;
    const name = (0,helm_entry/* chartName */.Y1)(entry);
    const load = (thrown) => (0,helm_entry/* framed */.Qu)(`failed to load ${chart.path ?? name}`, thrown);
    if (url === undefined && !chart.path?.startsWith(ociScheme)) {
        return await step(entry, load, async () => loadChart(await readLocalChart(chart.path ?? '', imageSet.name), `The chart ${name}`));
    }
    const pulling = (thrown) => (0,helm_entry/* framed */.Qu)(`error pulling chart ${name}`, thrown);
    const { from, bytes } = await step(entry, pulling, async () => url === undefined
        ? source.pull(ociRequest(chart.path ?? '', chart.version ?? ''))
        : source.pull({ url, name: chart.name ?? '', version: chart.version ?? '' }));
    return await step(entry, load, async () => loadChart(await readChartArchive(bytes, from), from));
}
function parsePaths(entry) {
    return (entry.chart?.imagePaths ?? []).map((text, index) => {
        try {
            return (0,base/* parseJsonPath */.Hf)(text);
        }
        catch (thrown) {
            const field = ['imagePaths', index];
            throw new EntryFailure((0,helm_entry/* chartFailure */.Nh)(entry, thrown, { message: (0,errors/* messageOf */.bD)(thrown), field }));
        }
    });
}
function namesOf(entry, chart) {
    return [chart.name, ...(entry.chart?.name ? [entry.chart.name] : [])];
}
async function readValues(entry, chart, { values }) {
    const names = namesOf(entry, chart);
    const wanted = values.filter((one) => names.includes(one.chart));
    return await Promise.all(wanted.map(async ({ path }) => step(entry, (thrown) => (0,helm_entry/* framed */.Qu)(`failed to load the values file ${path}`, thrown), async () => readValuesFile(path))));
}
async function findImages(entry, chart, { helm, options }) {
    const paths = parsePaths(entry);
    const values = await readValues(entry, chart, options);
    const failed = (thrown) => (0,helm_entry/* framed */.Qu)(`failed to get template ${chart.name}`, thrown);
    if (!helm) {
        const found = await step(entry, failed, async () => findUnrenderedImages(chart, values));
        const unseen = (entry.chart?.imagePaths ?? []).map((path) => ({
            template: chart.name,
            what: `imagePaths ${path} needs rendered templates`,
        }));
        return { ...found, unseen: [...found.unseen, ...unseen] };
    }
    if (chart.isLibrary)
        return { images: [], unseen: [] };
    return await step(entry, failed, async () => findRenderedImages(await helm.render(chart, values), paths));
}
function missingFindings(entry, chart) {
    return missingDependencies(chart).map((name) => ({
        severity: 'warning',
        code: 'chart-dependency-missing',
        summary: 'A chart lacks a chart that it depends on.',
        detail: `The chart "${chart.name}" declares "${name}" and does not have it below charts/, so the images of "${name}" are not mirrored with it. Run "helm dependency update" on a local chart; of a published chart name "${name}" as a chart of its own.`,
        text: name,
        at: (0,helm_entry/* chartCause */.eN)(entry).at,
    }));
}
async function collectChart(entry, collecting) {
    try {
        const unfit = (0,helm_entry/* chartPlatformFailure */.eP)(entry);
        if (unfit)
            return { entry, failure: unfit };
        const chart = await openChart(entry, collecting);
        const found = await findImages(entry, chart, collecting);
        const { placements, diagnostics } = placeChartImages(found, entry, collecting.prefix);
        const all = [...missingFindings(entry, chart), ...diagnostics];
        return { entry, names: namesOf(entry, chart), placements, diagnostics: all };
    }
    catch (thrown) {
        if (thrown instanceof EntryFailure)
            return { entry, failure: thrown.failure };
        throw thrown;
    }
}
async function expand(entry, { source }) {
    const { url = '', chart } = entry;
    if (chart)
        return [entry];
    try {
        const charts = await source.list(url);
        return charts.map((one) => ({ ...entry, chart: one }));
    }
    catch (thrown) {
        const message = (0,helm_entry/* framed */.Qu)(`invalid chart repository "${url}"`, thrown);
        return [{ entry, failure: (0,helm_entry/* chartFailure */.Nh)(entry, thrown, { message, field: ['url'] }) }];
    }
}
function notRendered(imageSet) {
    return {
        severity: 'warning',
        code: 'helm-not-found',
        summary: 'Charts are read as text, because helm is not on PATH.',
        detail: 'Images are taken from annotations, from the usual fields of values, and from lines of templates that name them; parts that are switched off by default count too. Each part that could not be searched is named. Install helm 3 or 4 for the images that the charts really use.',
        at: (0,entries/* causeAt */.tk)(imageSet, 'helm').at,
    };
}
function assemble(imageSet, collected) {
    const failures = collected.flatMap(({ failure }) => failure ?? []);
    const isSound = imageSet.kind === 'ImageSetConfiguration' || failures.length === 0;
    const placements = collected.flatMap((one) => one.placements ?? []);
    return {
        ...collector/* emptyPart */.bo,
        placements: isSound ? (0,operator_placements/* joinImages */.hT)(placements) : [],
        charts: collected.flatMap(({ names = [] }) => names),
        diagnostics: collected.flatMap(({ diagnostics = [] }) => diagnostics),
        failures,
        gaps: collected.flatMap(({ entry, failure }) => (failure ? [(0,helm_entry/* chartCause */.eN)(entry)] : [])),
    };
}
function createChartCollector(options) {
    const fresh = createChartSource({ ...options, prefer: 'fresh' });
    const saved = createChartSource({ ...options, prefer: options.sources ?? 'saved' });
    const programs = (0,base/* createOnce */.Ur)();
    const find = async () => {
        const helm = await findHelm(options);
        if (helm)
            options.log.log('info', `Charts are rendered by helm ${helm.version}.`);
        return helm;
    };
    return {
        kind: 'helm',
        async collect(imageSet, prefix) {
            const helm = await programs.run('helm', find);
            const isSaved = options.sources === 'archive' || imageSet.kind !== 'ImageSetConfiguration';
            const source = isSaved ? saved : fresh;
            const collecting = { options, source, helm, prefix };
            const entries = (0,helm_entry/* chartEntries */.BW)(imageSet).map((one) => expand(one, collecting));
            const expanded = (await Promise.all(entries)).flat();
            const collected = await (0,base/* mapParallel */.EQ)(expanded, parallelCharts, async (one) => 'entry' in one ? one : collectChart(one, collecting));
            const part = assemble(imageSet, collected);
            if (helm)
                return part;
            return { ...part, diagnostics: [notRendered(imageSet), ...part.diagnostics] };
        },
    };
}


/***/ })

};
