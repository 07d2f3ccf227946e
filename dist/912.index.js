export const id = 912;
export const ids = [912];
export const modules = {

/***/ 52912:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   validatePlan: () => (/* binding */ validatePlan)
/* harmony export */ });
/* harmony import */ var ajv_dist_2020_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(52210);
/* harmony import */ var _plan_schema_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(47671);


/** Checks plans against their schema; made when this module is loaded, which takes a while. */
const validatePlan = new ajv_dist_2020_js__WEBPACK_IMPORTED_MODULE_1__.Ajv2020({ strict: true }).compile(_plan_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .planSchema */ .F);


/***/ })

};
