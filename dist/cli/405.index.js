export const id = 405;
export const ids = [405];
export const modules = {

/***/ 786:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openDispatcher: () => (/* binding */ openDispatcher)
/* harmony export */ });
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1692);
/* harmony import */ var undici__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4371);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _network_error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2843);
/* harmony import */ var _reach_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4541);





const connectTimeoutMs = 10_000;
let systemAuthorities;
function authorities() {
    systemAuthorities ??= [...(0,node_tls__WEBPACK_IMPORTED_MODULE_0__.getCACertificates)('default'), ...(0,node_tls__WEBPACK_IMPORTED_MODULE_0__.getCACertificates)('system')];
    return systemAuthorities;
}
function secureContext({ trust, isInsecure }, host) {
    const ca = isInsecure ? [] : [...new Set([...authorities(), ...(trust.ca ?? [])])];
    const { clientCertificate, clientKey } = trust;
    try {
        return (0,node_tls__WEBPACK_IMPORTED_MODULE_0__.createSecureContext)({
            ...(ca.length > 0 && { ca }),
            ...(clientCertificate !== undefined && { cert: clientCertificate }),
            ...(clientKey !== undefined && { key: clientKey }),
        });
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ConfigError */ .xL('INPUT_INVALID', `The certificates for ${host} cannot be used.`, {
            hint: 'Check that they are PEM, and that the client key belongs to the client certificate.',
            cause,
        });
    }
}
function openDispatcher(url, route) {
    const tls = tlsOptions(url, route);
    const common = { pipelining: 1, keepAliveTimeout: 15_000 };
    const { namedBy, proxy } = route;
    if (proxy === undefined) {
        const lookup = namedBy && { lookup: (0,_reach_js__WEBPACK_IMPORTED_MODULE_4__/* .guardedLookup */ .rN)(namedBy, url) };
        return new undici__WEBPACK_IMPORTED_MODULE_1__/* .Agent */ .g6({ ...common, connect: { ...tls, ...lookup, timeout: connectTimeoutMs } });
    }
    const { trust } = proxy;
    const isInsecure = trust.insecure === true;
    return new undici__WEBPACK_IMPORTED_MODULE_1__/* .ProxyAgent */ .kT({
        ...common,
        uri: proxy.url.href,
        proxyTunnel: false,
        requestTls: { ...tls, timeout: connectTimeoutMs },
        proxyTls: { ...tlsOptions(proxy.url, { trust, isInsecure }), timeout: connectTimeoutMs },
        factory: (origin, options) => new undici__WEBPACK_IMPORTED_MODULE_1__/* .Pool */ .bC(origin, ofProxy(options, origin, proxy)),
        clientFactory: (origin, options) => new undici__WEBPACK_IMPORTED_MODULE_1__/* .Pool */ .bC(origin, ofProxy(options, origin, proxy)),
    });
}
function tlsOptions(url, route) {
    if (url.protocol !== 'https:')
        return {};
    return { secureContext: secureContext(route, url.host), rejectUnauthorized: !route.isInsecure };
}
function ofProxy(options, origin, { url }) {
    const { connect } = options;
    if (new URL(origin).origin !== url.origin || typeof connect !== 'function')
        return options;
    const marked = (target, callback) => {
        connect(target, (...[error, socket]) => {
            if (error)
                callback(new _network_error_js__WEBPACK_IMPORTED_MODULE_3__/* .ProxyFailure */ .N$(error.message, { cause: error }), null);
            else
                callback(null, socket);
        });
    };
    return { ...options, connect: marked };
}


/***/ })

};
