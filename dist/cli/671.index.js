export const id = 671;
export const ids = [671];
export const modules = {

/***/ 7671:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   changeSchema: () => (/* binding */ changeSchema),
/* harmony export */   planParts: () => (/* binding */ planParts),
/* harmony export */   planSchema: () => (/* binding */ planSchema)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5553);
/* harmony import */ var _imageset_index_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(99);
/* harmony import */ var _resources_index_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5906);
/* harmony import */ var _closed_sets_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5192);




const { strictObject: closed, exactOptional: optional, array: list, picklist: oneOf } = valibot__WEBPACK_IMPORTED_MODULE_3__;
const text = valibot__WEBPACK_IMPORTED_MODULE_3__.string();
const texts = list(text);
const count = valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.number(), valibot__WEBPACK_IMPORTED_MODULE_3__.integer(), valibot__WEBPACK_IMPORTED_MODULE_3__.minValue(0), valibot__WEBPACK_IMPORTED_MODULE_3__.maxValue(Number.MAX_SAFE_INTEGER));
const ordinal = valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.number(), valibot__WEBPACK_IMPORTED_MODULE_3__.integer(), valibot__WEBPACK_IMPORTED_MODULE_3__.minValue(1));
const isSet = optional(valibot__WEBPACK_IMPORTED_MODULE_3__.literal(true));
const digestText = valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.string(), valibot__WEBPACK_IMPORTED_MODULE_3__.regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/));
const digest = digestText;
const component = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';
const position = closed({ file: text, line: ordinal, column: ordinal });
const cause = closed({ imageSet: text, path: text, at: position, entry: optional(text) });
const release = closed({
    version: text,
    architecture: text,
    digest,
    channel: optional(text),
});
const holder = closed({
    kind: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .holderKinds */ .Gb),
    /** `openshift/release:4.16.6-x86_64-cli`, an image set's name, a glob. */
    name: text,
});
/** The facts that every change has. */
const facts = {
    kind: oneOf(_imageset_index_js__WEBPACK_IMPORTED_MODULE_0__/* .imageKinds */ .hy),
    repository: valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.string(), valibot__WEBPACK_IMPORTED_MODULE_3__.maxLength(255), valibot__WEBPACK_IMPORTED_MODULE_3__.regex(new RegExp(`^${component}(/${component})*$`))),
    tag: valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.string(), valibot__WEBPACK_IMPORTED_MODULE_3__.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)),
    digest,
    mediaType: text,
    /** The reference that oc-mirror shows for it. */
    origin: text,
    causes: list(cause),
    release: optional(release),
    component: optional(text),
    /** Of what is deleted: the operator packages that had it stay with other bundles, so that `max-delete` does not count it. */
    succeeded: isSet,
    /** `os/architecture` pairs to which an index is limited. */
    platforms: optional(texts),
    /** Bytes of everything below the manifest, each blob once. */
    size: count,
    /** Bytes that this change alone moves (mirror) or frees (delete); the first change that needs a shared blob counts it. */
    bytes: count,
};
/** Where it is pulled from, `registry/repository`; the digest is `digest`. */
const source = text;
/** The digest that the tag names before. */
const previous = digest;
/** The tag is gone already, and the digest lies there still. */
const tagless = isSet;
const holders = optional(list(holder));
/** The place names this digest instead: the change is about the digest alone, which had the place before. */
const replacedBy = digest;
const as = {
    mirror: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('mirror'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .reasonsOf */ .zM.mirror), source },
    retag: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('retag'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .reasonsOf */ .zM.retag), source, previous },
    keep: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('keep'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .reasonsOf */ .zM.keep) },
    delete: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('delete'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .reasonsOf */ .zM.delete), tagless },
    replaced: {
        ...facts,
        action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('delete'),
        reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .reasonsOf */ .zM.replaced),
        replacedBy,
    },
    untag: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('untag'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .stayReasons */ .nF), holders, tagless },
    hold: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('hold'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .stayReasons */ .nF), holders, tagless },
    moved: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('hold'), reason: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('tag-moved'), previous, tagless },
    left: { ...facts, action: valibot__WEBPACK_IMPORTED_MODULE_3__.literal('hold'), reason: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .stayReasons */ .nF), holders, replacedBy },
};
/** One thing that happens, or deliberately does not, to one place of the target or to a digest that had it. */
const changeSchema = valibot__WEBPACK_IMPORTED_MODULE_3__.variant('action', [
    closed(as.mirror),
    closed(as.retag),
    closed(as.keep),
    valibot__WEBPACK_IMPORTED_MODULE_3__.variant('reason', [closed(as.delete), closed(as.replaced)]),
    closed(as.untag),
    valibot__WEBPACK_IMPORTED_MODULE_3__.variant('reason', [closed(as.hold), closed(as.moved), closed(as.left)]),
]);
const operator = closed({
    /** The catalog as the configuration names it. */
    catalog: text,
    package: text,
    channel: text,
    /** Version of the head; absent where the channel goes. */
    head: optional(text),
    kept: texts,
    added: texts,
    removed: list(closed({
        version: text,
        /** The bundle's image, as the origins of changes name it. */
        image: optional(text),
        /** Whether what stays leads from it to the channel's head. */
        updates: valibot__WEBPACK_IMPORTED_MODULE_3__.boolean(),
    })),
    /** The line that asks for the package now. */
    at: optional(position),
});
const resource = closed({
    kind: oneOf(_resources_index_js__WEBPACK_IMPORTED_MODULE_1__/* .resourceKinds */ .AX),
    name: text,
    source: optional(text),
    from: optional(texts),
    to: optional(texts),
});
const graph = closed({
    channel: text,
    architecture: text,
    versions: texts,
    edges: list(valibot__WEBPACK_IMPORTED_MODULE_3__.strictTuple([text, text])),
});
const diagnostic = closed({
    severity: oneOf(['error', 'warning', 'notice']),
    code: text,
    summary: text,
    detail: valibot__WEBPACK_IMPORTED_MODULE_3__.optional(text),
    fix: valibot__WEBPACK_IMPORTED_MODULE_3__.optional(text),
    text: valibot__WEBPACK_IMPORTED_MODULE_3__.optional(text),
    at: valibot__WEBPACK_IMPORTED_MODULE_3__.optional(position),
});
const edit = closed({
    imageSet: text,
    /** `mirror.platform.channels[0].minVersion` */
    path: text,
    from: optional(text),
    to: optional(text),
    at: position,
});
const revision = closed({
    commit: optional(text),
    from: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .revisionSources */ .U4),
    /** Of the head: something newer was applied before. Then whatever is done needs a review. */
    isOlder: isSet,
});
const imageSet = closed({
    /** Its identity. */
    name: text,
    digest,
    /** The path by which the user knows it. */
    path: optional(text),
    /** Its text, so that an apply of the plan can record it. */
    text: optional(text),
    /** The commit that has this very text. */
    commit: optional(text),
    /** The machine whose directory names it, where nothing else does. */
    host: optional(text),
});
const keptImageSet = closed({
    name: text,
    images: count,
    /** Of its images, each digest once. */
    bytes: count,
    /** RFC 3339, UTC: when it was last applied. */
    at: optional(text),
    commit: optional(text),
});
const options = closed({
    prune: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .prunes */ .Mf),
    /** `{count}` or `{share}` (0 to 1) of what is mirrored. */
    maxDelete: valibot__WEBPACK_IMPORTED_MODULE_3__.union([
        closed({ count }),
        closed({ share: valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.number(), valibot__WEBPACK_IMPORTED_MODULE_3__.minValue(0), valibot__WEBPACK_IMPORTED_MODULE_3__.maxValue(1)) }),
    ]),
    protect: texts,
});
const target = closed({
    registry: valibot__WEBPACK_IMPORTED_MODULE_3__.pipe(valibot__WEBPACK_IMPORTED_MODULE_3__.string(), valibot__WEBPACK_IMPORTED_MODULE_3__.regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?$/)),
    /** Path prefix without slashes at its ends; empty for none. Repositories of changes include it. */
    prefix: text,
});
const stale = closed({
    count,
    /** Bytes of their own, as the state knows them; layers that they share count for each. */
    bytes: count,
    /** Releases first, by version; then images of no release, by kind. */
    groups: list(closed({ release: optional(text), kind: optional(oneOf(_imageset_index_js__WEBPACK_IMPORTED_MODULE_0__/* .imageKinds */ .hy)), count })),
});
const totals = closed({
    ...{ mirror: count, retag: count, keep: count, delete: count, untag: count, hold: count },
    ...{ bytesToMirror: count, bytesToFree: count, bytesKept: count },
    /** False: some manifest was not readable, so that the bytes are a lower bound. */
    bytesAreExact: valibot__WEBPACK_IMPORTED_MODULE_3__.boolean(),
});
/** The form of `plan.json`, which comes from outside; the types of a plan derive from it. */
const planSchema = closed({
    /** Plans of the format 1.0 can be read; they are no review, since their digest leaves out the limits. */
    formatVersion: oneOf(_closed_sets_js__WEBPACK_IMPORTED_MODULE_2__/* .formatVersions */ .JJ),
    /** `sha256:` of the canonical encoding of {target, options, deeds}; a squash merge keeps it. */
    digest: digestText,
    tool: text,
    target,
    base: revision,
    head: revision,
    options,
    imageSets: list(imageSet),
    /** Name of the repository of the run: its image sets are shown by their paths alone. */
    repository: optional(text),
    /** Image sets that the state knows and that the run was not given, by name: what they want stays. Absent: none. */
    notReceived: optional(list(keptImageSet)),
    /** Every place or image set that goes was named: that nothing else is wanted is no mistake then. */
    explicit: isSet,
    /** Names of the image sets of base and head, former names too, sorted: what others want is not up to this plan. */
    speaksFor: texts,
    edits: list(edit),
    /** Sorted by repository, tag, action. */
    changes: list(changeSchema),
    releases: closed({ added: list(release), removed: list(release), kept: list(release) }),
    graphs: list(graph),
    /** Channels of operators that are asked for by name or that change, by catalog, package and channel; absent: none. */
    operators: optional(list(operator)),
    /** How the cluster resources differ from those of the last apply, by kind, name and source; absent where nobody compared. */
    resources: optional(list(resource)),
    diagnostics: list(diagnostic),
    /** Images that no image set wants and that this plan leaves alone; `prune: stale` removes them. Absent: none. */
    stale: optional(stale),
    /** Something could not be collected when the plan was made: what it may have wanted stays. */
    incomplete: optional(valibot__WEBPACK_IMPORTED_MODULE_3__.boolean()),
    totals,
});
/** The parts of the schema that have names of their own. */
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
