/**
 * What is wrong with an image set that can be read: oc-mirror's own rules, and what it finds too late or never.
 *
 * A rule says what, why and how to mend it, at its line. Only oc-mirror's rules refuse a file; all others are findings
 * of a plan. No rule asks a network: what a channel or a catalog holds is for the collectors.
 */
export { advise } from './advise.ts';
export { diagnose, type Finding } from './finding.ts';
export { isLenientVersion } from './lenient-version.ts';
export { notBuilt } from './not-built.ts';
export { type Validation, validate } from './validate.ts';
