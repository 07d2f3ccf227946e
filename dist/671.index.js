export const id = 671;
export const ids = [671];
export const modules = {

/***/ 47671:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   changeSchema: () => (/* binding */ changeSchema),
/* harmony export */   planParts: () => (/* binding */ planParts),
/* harmony export */   planSchema: () => (/* binding */ planSchema)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(77934);
/* harmony import */ var _imageset_index_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(12362);
/* harmony import */ var _mirror_index_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(56315);
/* harmony import */ var _resources_index_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(77761);
/* harmony import */ var _closed_sets_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5192);





const { strictObject: closed, exactOptional: optional, array: list, picklist: oneOf } = valibot__WEBPACK_IMPORTED_MODULE_4__;
const text = valibot__WEBPACK_IMPORTED_MODULE_4__.string();
const texts = list(text);
const count = valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.number(), valibot__WEBPACK_IMPORTED_MODULE_4__.integer(), valibot__WEBPACK_IMPORTED_MODULE_4__.minValue(0), valibot__WEBPACK_IMPORTED_MODULE_4__.maxValue(Number.MAX_SAFE_INTEGER));
const ordinal = valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.number(), valibot__WEBPACK_IMPORTED_MODULE_4__.integer(), valibot__WEBPACK_IMPORTED_MODULE_4__.minValue(1));
const share = valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.number(), valibot__WEBPACK_IMPORTED_MODULE_4__.minValue(0), valibot__WEBPACK_IMPORTED_MODULE_4__.maxValue(1));
const isSet = optional(valibot__WEBPACK_IMPORTED_MODULE_4__.literal(true));
const digestText = valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.string(), valibot__WEBPACK_IMPORTED_MODULE_4__.regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/));
const digest = digestText;
const component = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';
const position = closed({ file: text, line: ordinal, column: ordinal });
const cause = closed({ imageSet: text, path: text, at: position, entry: optional(text) });
const release = closed({ version: text, architecture: text, digest, channel: optional(text) });
const holder = closed({
    kind: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .holderKinds */ .Gb),
    name: text,
});
const facts = {
    kind: oneOf(_imageset_index_js__WEBPACK_IMPORTED_MODULE_0__/* .imageKinds */ .hy),
    repository: valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.string(), valibot__WEBPACK_IMPORTED_MODULE_4__.maxLength(255), valibot__WEBPACK_IMPORTED_MODULE_4__.regex(new RegExp(`^${component}(/${component})*$`))),
    tag: valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.string(), valibot__WEBPACK_IMPORTED_MODULE_4__.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)),
    digest,
    mediaType: text,
    origin: text,
    causes: list(cause),
    release: optional(release),
    component: optional(text),
    subject: optional(digest),
    succeeded: isSet,
    outgrown: isSet,
    platforms: optional(texts),
    size: count,
    bytes: count,
};
const source = text;
const previous = digest;
const tagless = isSet;
const holders = optional(list(holder));
const replacedBy = digest;
const as = {
    mirror: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('mirror'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonsOf */ .zM.mirror), source },
    retag: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('retag'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonsOf */ .zM.retag), source, previous },
    keep: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('keep'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonsOf */ .zM.keep) },
    delete: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('delete'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonsOf */ .zM.delete), tagless },
    replaced: {
        ...facts,
        action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('delete'),
        reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonsOf */ .zM.replaced),
        replacedBy,
    },
    untag: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('untag'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .stayReasons */ .nF), holders, tagless },
    hold: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('hold'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .stayReasons */ .nF), holders, tagless },
    moved: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('hold'), reason: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('tag-moved'), previous, tagless },
    left: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_4__.literal('hold'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .stayReasons */ .nF), holders, replacedBy },
};
const changeSchema = valibot__WEBPACK_IMPORTED_MODULE_4__.variant('action', [
    closed(as.mirror),
    closed(as.retag),
    closed(as.keep),
    valibot__WEBPACK_IMPORTED_MODULE_4__.variant('reason', [closed(as.delete), closed(as.replaced)]),
    closed(as.untag),
    valibot__WEBPACK_IMPORTED_MODULE_4__.variant('reason', [closed(as.hold), closed(as.moved), closed(as.left)]),
]);
const removedVersion = closed({ version: text, image: optional(text), updates: valibot__WEBPACK_IMPORTED_MODULE_4__.boolean() });
const operator = closed({
    catalog: text,
    package: text,
    channel: text,
    head: optional(text),
    kept: texts,
    added: texts,
    removed: list(removedVersion),
    cut: optional(texts),
    at: optional(position),
});
const resource = closed({
    kind: oneOf(_resources_index_js__WEBPACK_IMPORTED_MODULE_2__/* .resourceKinds */ .AX),
    name: text,
    source: optional(text),
    from: optional(texts),
    to: optional(texts),
});
const edge = valibot__WEBPACK_IMPORTED_MODULE_4__.strictTuple([text, text]);
const updateRisk = closed({ name: text, message: text, url: text, always: isSet });
const graph = closed({
    channel: text,
    architecture: text,
    versions: texts,
    edges: list(edge),
    conditional: optional(list(closed({ edges: list(edge), risks: list(updateRisk) }))),
});
const diagnostic = closed({
    severity: oneOf(['error', 'warning', 'notice']),
    code: text,
    summary: text,
    detail: valibot__WEBPACK_IMPORTED_MODULE_4__.optional(text),
    fix: valibot__WEBPACK_IMPORTED_MODULE_4__.optional(text),
    text: valibot__WEBPACK_IMPORTED_MODULE_4__.optional(text),
    at: valibot__WEBPACK_IMPORTED_MODULE_4__.optional(position),
});
const edit = closed({
    imageSet: text,
    path: text,
    from: optional(text),
    to: optional(text),
    at: position,
});
const revision = closed({
    commit: optional(text),
    from: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .revisionSources */ .U4),
    isRendered: isSet,
    run: optional(count),
    isOlder: isSet,
});
const imageSet = closed({
    name: text,
    digest,
    path: optional(text),
    text: optional(text),
    commit: optional(text),
    host: optional(text),
});
const keptImageSet = closed({
    name: text,
    images: count,
    bytes: count,
    at: optional(text),
    commit: optional(text),
});
const options = closed({
    prune: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .prunes */ .Mf),
    maxDelete: valibot__WEBPACK_IMPORTED_MODULE_4__.union([closed({ count }), closed({ share })]),
    protect: texts,
});
const target = closed({
    registry: valibot__WEBPACK_IMPORTED_MODULE_4__.pipe(valibot__WEBPACK_IMPORTED_MODULE_4__.string(), valibot__WEBPACK_IMPORTED_MODULE_4__.regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?$/)),
    prefix: text,
});
const stale = closed({
    count,
    bytes: count,
    groups: list(closed({ release: optional(text), kind: optional(oneOf(_imageset_index_js__WEBPACK_IMPORTED_MODULE_0__/* .imageKinds */ .hy)), count })),
});
const byAction = {
    mirror: count,
    retag: count,
    keep: count,
    delete: count,
    untag: count,
    hold: count,
};
const totals = closed({
    ...byAction,
    signatures: optional(closed(byAction)),
    ...{ bytesToMirror: count, bytesToFree: count, bytesKept: count },
    bytesAreExact: valibot__WEBPACK_IMPORTED_MODULE_4__.boolean(),
});
const planSchema = closed({
    formatVersion: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_3__/* .formatVersions */ .JJ),
    digest: digestText,
    tool: text,
    target,
    base: revision,
    head: revision,
    options,
    imageSets: list(imageSet),
    repository: optional(text),
    notReceived: optional(list(keptImageSet)),
    explicit: isSet,
    speaksFor: texts,
    edits: list(edit),
    changes: list(changeSchema),
    releases: closed({ added: list(release), removed: list(release), kept: list(release) }),
    graphs: list(graph),
    operators: optional(list(operator)),
    resources: optional(list(resource)),
    diagnostics: list(diagnostic),
    stale: optional(stale),
    lacks: optional(closed({ at: text, abilities: list(oneOf(_mirror_index_js__WEBPACK_IMPORTED_MODULE_1__/* .abilities */ .nh)) })),
    running: optional(closed({ releases: texts, operators: list(closed({ name: text, version: text })) })),
    incomplete: optional(valibot__WEBPACK_IMPORTED_MODULE_4__.boolean()),
    totals,
});
const planParts = {
    digest,
    position,
    cause,
    release,
    holder,
    revision,
    diagnostic,
    edit,
    operator,
    resource,
    graph,
    change: changeSchema,
};


/***/ })

};
