export const id = 945;
export const ids = [945];
export const modules = {

/***/ 36326:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runArchive: () => (/* binding */ runArchive),
/* harmony export */   runLoad: () => (/* binding */ runLoad)
/* harmony export */ });
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(48161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _views_index_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(37182);
/* harmony import */ var _plan_request_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(95127);
/* harmony import */ var _run_files_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(13849);





const uploadLimit = 4 * 1024 ** 3;
const maxArtifacts = 500;
function archiveDirectory({ inputs, settings, host }) {
    const base = inputs.archive ?? (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(settings.workspace), 'archive');
    return (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(host.env['GITHUB_WORKSPACE'] || '.', base);
}
function cacheDirectory({ host: { env } }) {
    const base = env['OC_MIRROR_CACHE'] || (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(env['RUNNER_TEMP'] || (0,node_os__WEBPACK_IMPORTED_MODULE_0__.tmpdir)(), 'imageset-mirror');
    return (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(base, '.oc-mirror', '.cache');
}
function failureFinding({ origin, message, hint, at }) {
    return {
        severity: 'error',
        code: 'image-failed',
        summary: `${origin}: ${message}`,
        ...(hint !== undefined && { detail: hint }),
        ...(at && { at }),
    };
}
function mirrorOnly(settings) {
    return { ...settings, options: { ...settings.options, prune: 'none' } };
}
async function mirror(session, settings, route) {
    const request = await (0,_plan_request_js__WEBPACK_IMPORTED_MODULE_3__/* .createRequest */ .WL)(session);
    const { head: files, base, isOlderThan } = request;
    const age = isOlderThan ? { isOlderThan } : {};
    const report = await session.jobs.mirror(mirrorOnly(settings), { files, base, ...age, dryRun: 'no', ...route }, session.log.listener);
    return { scope: (0,_run_files_js__WEBPACK_IMPORTED_MODULE_4__/* .scopeOf */ .Od)(session, request), report };
}
function countOf({ counts }, field) {
    return counts.reduce((sum, count) => sum + count[field], 0);
}
function endingOf(report, outputs) {
    const { failures, imageFailures } = report;
    const failed = failures.length + imageFailures.length;
    const copied = countOf(report, 'copied');
    const success = copied > 0 ? 'applied' : 'nothing';
    return {
        isFailure: failed > 0,
        findings: [
            ...report.diagnostics,
            ...failures.map(({ diagnostic }) => diagnostic),
            ...imageFailures.map(failureFinding),
        ],
        outputs: {
            'has-changes': String(copied > 0),
            'mirror-count': String(copied),
            'failed-count': String(failed),
            'bytes-to-mirror': String(report.traffic.bytesSent),
            outcome: failed === 0 ? success : copied > 0 ? 'partial' : 'failed',
            ...outputs,
        },
    };
}
async function publishArchive(session, paths) {
    const { host, inputs, notices, log } = session;
    if (inputs.upload === 'off')
        return false;
    if (paths.length > maxArtifacts) {
        const why = `The archive has ${paths.length} files, and a job may upload ${maxArtifacts}`;
        const instead = 'Raise archiveSize, or take the files from the output archive-path.';
        notices.miss('artifact', { why, instead });
        return false;
    }
    let areThere = true;
    for (const path of paths) {
        const artifact = { name: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.basename)(path, '.tar'), directory: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(path), paths: [path] };
        if (host.artifacts)
            log.line('upload', artifact.name);
        const id = await (0,_run_files_js__WEBPACK_IMPORTED_MODULE_4__/* .uploadFiles */ .Zn)(host.artifacts, artifact, notices);
        areThere &&= id !== undefined;
    }
    return areThere;
}
function sayWhere(paths, areThere) {
    const [first = ''] = paths;
    if (!areThere)
        return `files in ${(0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(first)}`;
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
    return `artifact ${(0,node_path__WEBPACK_IMPORTED_MODULE_1__.basename)(first, '.tar')}${more}`;
}
function sayArchived({ archive }) {
    if (!archive)
        return 'Nothing was archived.';
    const { stream, generation, base, blobs, bytes, paths } = archive;
    const after = base > 0 ? `, to be loaded after generation ${base}` : '';
    return `Generation ${generation} of ${stream}${after}: ${(0,_views_index_js__WEBPACK_IMPORTED_MODULE_2__/* .formatCount */ .B4)(blobs, 'blob')}, ${(0,_views_index_js__WEBPACK_IMPORTED_MODULE_2__/* .formatBytes */ .z3)(bytes)}, ${(0,_views_index_js__WEBPACK_IMPORTED_MODULE_2__/* .formatCount */ .B4)(paths.length, 'file')}.`;
}
function streamName({ inputs }) {
    return (inputs.name ?? inputs.target).replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
}
async function runArchive(session) {
    const { settings, inputs, host, log } = session;
    const directory = archiveDirectory(session);
    const isUploaded = inputs.upload === 'auto' && host.artifacts !== undefined;
    const toDisk = {
        cache: cacheDirectory(session),
        directory,
        naming: 'stream',
        stream: streamName(session),
        large: 'alone',
        ...(inputs.since !== undefined && { since: inputs.since }),
        ...(isUploaded && { most: uploadLimit }),
    };
    const local = { ...settings, target: 'localhost:55000', maxNestedPaths: 0 };
    const { report } = await mirror(session, local, { toDisk, destination: 'disk' });
    const text = sayArchived(report);
    log.line('done', text);
    const { paths = [] } = report.archive ?? {};
    if (paths.length > 0)
        log.line('see', sayWhere(paths, await publishArchive(session, paths)));
    await host.summarize(`### Archive for ${inputs.target}\n\n**${text}**\n`);
    return endingOf(report, report.archive ? { 'archive-path': directory } : {});
}
async function runLoad(session) {
    const { settings, inputs, host, log } = session;
    const directory = archiveDirectory(session);
    const fromDisk = { cache: cacheDirectory(session), directory };
    const { scope, report } = await mirror(session, settings, { fromDisk, destination: 'registry' });
    const resources = [...report.clusterResources];
    const files = new Map(resources.map(([name, text]) => [`cluster-resources/${name}`, text]));
    const written = await (0,_run_files_js__WEBPACK_IMPORTED_MODULE_4__/* .writeRunFiles */ .ak)(session, { ...scope, name: 'result' }, files);
    const text = `Mirrored ${countOf(report, 'copied')} of ${countOf(report, 'collected')} images.`;
    log.line('done', text);
    for (const note of report.notes)
        log.line('note', note);
    const artifactId = await (0,_run_files_js__WEBPACK_IMPORTED_MODULE_4__/* .publishFiles */ .bg)(session, `${scope.artifactName}-result`, written);
    await host.summarize(`### Loaded into ${inputs.target}\n\n**${text}**\n`);
    return endingOf(report, {
        'archive-path': directory,
        ...(files.size > 0 && {
            'cluster-resources-path': (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(written.directory, 'cluster-resources'),
        }),
        'artifact-id': artifactId === undefined ? '' : String(artifactId),
    });
}


/***/ })

};
