export const id = 52;
export const ids = [52];
export const modules = {

/***/ 82052:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   repair: () => (/* binding */ repair)
/* harmony export */ });
/* harmony import */ var _apply_index_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(21309);
/* harmony import */ var _base_index_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(48665);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(19473);
/* harmony import */ var _imageset_index_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(12362);
/* harmony import */ var _plan_index_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(33808);
/* harmony import */ var _attached_index_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(73968);
/* harmony import */ var _perform_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(47063);
/* harmony import */ var _plan_again_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(12558);
/* harmony import */ var _plan_input_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(55190);
/* harmony import */ var _stored_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(38867);
/* harmony import */ var _trust_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(72048);











async function findSource(placement, session) {
    const { kind, origin, digest } = placement;
    const source = (0,_plan_again_js__WEBPACK_IMPORTED_MODULE_7__/* .sourceByOrigin */ .f)(placement);
    if (source.registry === _imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .workspaceRegistry */ .p4) {
        await session.reopenImage({ kind, origin, digest });
    }
    return source;
}
async function placeAgain(placement, session) {
    const { platforms } = placement;
    return {
        source: await findSource(placement, session),
        ...(0,_stored_js__WEBPACK_IMPORTED_MODULE_9__/* .asBase */ .qW)(placement, []),
        ...(platforms && { platforms: platforms.map(_plan_index_js__WEBPACK_IMPORTED_MODULE_4__/* .parsePlatform */ .FL) }),
    };
}
async function judgedBy(placement, { stored, session }) {
    if (!session.judge || !(0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .isAttached */ .lg)(placement))
        return placement;
    const { source, target, subject } = placement;
    const image = stored.state.placements.find((one) => !(0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .isAttached */ .lg)(one) && one.repository === target.repository && one.digest === subject);
    const by = image && (await placeAgain(image, session));
    const isBeside = by?.source.registry === source.registry && by.source.repository === source.repository;
    return isBeside ? by : placement;
}
async function findSources(damages, reasons, world) {
    const { session } = world;
    const { parallel } = session.endpoints;
    const look = async (known) => {
        try {
            const placement = await placeAgain(known, session);
            return [{ placement, by: await judgedBy(placement, world) }];
        }
        catch (thrown) {
            if (!(thrown instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .MirrorError */ .En) || thrown.code === 'CANCELLED')
                throw thrown;
            reasons.set((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(known), thrown);
            return [];
        }
    };
    const found = await (0,_base_index_js__WEBPACK_IMPORTED_MODULE_1__/* .mapParallel */ .EQ)(damages, parallel, ({ placement }) => look(placement));
    const judged = found.flat();
    const rejected = await (0,_trust_js__WEBPACK_IMPORTED_MODULE_10__/* .findRejected */ .C)(judged.map(({ by }) => by), session);
    const errors = new Map(rejected.map(({ placement, error }) => [placement, error]));
    const allowed = judged.flatMap(({ placement, by }) => {
        const error = errors.get(by);
        if (error)
            reasons.set((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(placement.target), error);
        return error ? [] : [placement];
    });
    await (0,_attached_index_js__WEBPACK_IMPORTED_MODULE_5__/* .writeListsAgain */ .pf)(allowed, session).catch((thrown) => {
        if (!(thrown instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .MirrorError */ .En) || thrown.code === 'CANCELLED')
            throw thrown;
    });
    return allowed;
}
function findFree(placements, { repositories }) {
    const isTaken = ({ target, content }) => {
        const named = repositories.get(target.repository)?.tags.get(target.tag);
        return named !== undefined && named !== content.digest;
    };
    return placements.filter((one) => !isTaken(one));
}
function withoutTags(observation, keys) {
    const repositories = [...observation.repositories].map(([repository, seen]) => {
        const tags = [...seen.tags].filter(([tag]) => !keys.has((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)({ repository, tag })));
        return [repository, { ...seen, tags: new Map(tags) }];
    });
    return { ...observation, repositories: new Map(repositories) };
}
const options = { prune: 'none', maxDelete: { count: 0 }, protect: [] };
async function inputOf(placements, stored, session) {
    const { placements: state } = stored.state;
    const keys = new Set(placements.map(({ target }) => (0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(target)));
    const facts = { before: [], after: placements, ownImageSets: new Set(), options };
    const proven = state.filter((one) => !keys.has((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(one)));
    const { observation } = await (0,_plan_input_js__WEBPACK_IMPORTED_MODULE_8__/* .lookAtTarget */ .Yq)({ ...facts, state: proven }, stored, session);
    const known = {
        ...facts,
        state,
        after: findFree(placements, observation),
        observation: withoutTags(observation, keys),
        base: { from: 'state' },
        head: { from: 'none' },
    };
    return await (0,_plan_input_js__WEBPACK_IMPORTED_MODULE_8__/* .assembleInput */ .BF)(known, stored, session);
}
function atTarget(message) {
    return { message, side: 'target' };
}
function noteFailure(outcome, reasons) {
    if (outcome.result === 'done')
        return;
    const reason = outcome.result === 'failed' ? outcome : atTarget(outcome.detail);
    reasons.set((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(outcome.change), reason);
}
async function bring(damages, reasons, world) {
    const { session, listener } = world;
    const found = await findSources(damages, reasons, world);
    if (found.length === 0)
        return [];
    const stored = await (0,_stored_js__WEBPACK_IMPORTED_MODULE_9__/* .readState */ .un)(session);
    const isKnown = (0,_stored_js__WEBPACK_IMPORTED_MODULE_9__/* .knownTo */ .LV)(stored);
    const placements = found.filter(({ target, content }) => isKnown(target, content.digest));
    if (placements.length === 0)
        return [];
    const input = await inputOf(placements, stored, session);
    if (input.after.length === 0)
        return [];
    const work = { plan: (0,_plan_index_js__WEBPACK_IMPORTED_MODULE_4__/* .createPlan */ .qT)(input), input, stored };
    const { outcomes, notes } = await (0,_apply_index_js__WEBPACK_IMPORTED_MODULE_0__/* .applyPlan */ .gj)((0,_perform_js__WEBPACK_IMPORTED_MODULE_6__/* .applyRequest */ .C)(work, session, listener));
    for (const outcome of outcomes)
        noteFailure(outcome, reasons);
    return notes;
}
function adviceOn(placement) {
    if ((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .isAttached */ .lg)(placement)) {
        return 'Mirror its image set again: what is attached to the image at its source by now comes with it.';
    }
    if (placement.kind === 'operatorCatalog' || placement.kind === 'cincinnatiGraph') {
        return 'Mirror its image set again: filtered catalogs and the graph image are made anew.';
    }
    return 'Mirror its image set again, or load its archive again where the source cannot be reached.';
}
function withReason(damage, reasons) {
    const reason = reasons.get((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(damage.placement));
    if (!reason)
        return damage;
    const message = `${damage.message}; it could not be repaired: ${reason.message.replace(/\.$/, '')}`;
    const advice = reason.side === 'target' ? damage.hint : adviceOn(damage.placement);
    const hint = [reason.hint ?? '', advice].join(' ').trim();
    return { ...damage, message, hint };
}
function doomedBy({ stored, session }) {
    const now = session.settings.clock.now();
    const { pending = [] } = stored.state;
    const going = pending.filter(({ until }) => Date.parse(until) > now);
    const doomed = new Set(going.flatMap(({ deletes }) => deletes));
    return ({ placement }) => doomed.has((0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(placement));
}
async function repair(damages, world) {
    const { session, listener } = world;
    const isDoomed = doomedBy(world);
    const others = damages.filter((one) => one.isMoved || isDoomed(one));
    const left = new Set(others);
    const asked = damages.filter((one) => !left.has(one));
    const doomed = atTarget('another run is about to delete it');
    const reasons = new Map(others.filter(isDoomed).map(({ placement }) => [(0,_imageset_index_js__WEBPACK_IMPORTED_MODULE_3__/* .placeKey */ .r4)(placement), doomed]));
    const notes = [];
    const groups = Map.groupBy(asked, ({ isUnreadable = false }) => isUnreadable);
    for (const some of [groups.get(false) ?? [], groups.get(true) ?? []]) {
        try {
            notes.push(...(await bring(some, reasons, world)));
        }
        catch (thrown) {
            if (!(thrown instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .MirrorError */ .En) || thrown.code === 'CANCELLED')
                throw thrown;
            notes.push(`The repair ended early: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .bD)(thrown)}`);
        }
    }
    const places = asked.map(({ placement }) => placement);
    const found = await (0,_apply_index_js__WEBPACK_IMPORTED_MODULE_0__/* .verifyTarget */ .ft)(places, session.endpoints, { depth: 'blobs', listener });
    const repaired = asked.length - found.length;
    return {
        left: [...others, ...found].map((damage) => withReason(damage, reasons)),
        repaired,
        notes,
    };
}


/***/ })

};
