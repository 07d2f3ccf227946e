/**
 * The rules for image sets that can be read: those of oc-mirror, and those that oc-mirror applies too late or never.
 *
 * A finding says what is wrong, why, and how to mend it, at its line. Only oc-mirror's own rules refuse a file; all others
 * are findings of a plan. No rule asks a network: collectors know what a channel or a catalog holds. `rules.ts` lists them.
 */
export { diagnose, type Finding } from './finding.ts';
export { findNotBuilt } from './not-built.ts';
export { applyRules } from './rules.ts';
