/**
 * The ground that both doors stand on: which files a run is about, and under which names.
 *
 * It believes that an image set is the same one wherever somebody stands when naming it: it is known by its repository
 * and its path in it, or by a name that was given. A file is what the commit says with the edits of the working tree on
 * top; a file that is only missing on disk was not removed.
 *
 * It refuses to know inputs and flags, plans and registries.
 */
export { findAge } from './age.ts';
export { type BaseFacts, findBase } from './base.ts';
export { type Checkout, openCheckout } from './checkout.ts';
export {
  type ConfigSource,
  identifyFiles,
  isInCommit,
  type PathFile,
  readNow,
} from './config-files.ts';
export { type Git, openGit } from './git.ts';
export { readGlobs } from './globs.ts';
export { identityOf, isGivenName } from './identity.ts';
export * from './options.ts';
export { decodeText, readText } from './read-text.ts';
export { runKey } from './run-key.ts';
