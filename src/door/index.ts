/**
 * The code that both doors share: the options that they have in common, and the files of a run with their names.
 *
 * An option that is an input and a flag has one reader in `options.ts`. So both doors take the same values; each door only
 * words the error.
 *
 * An image set has the same name whatever the current directory is: its repository and its path in it, or a given name. A
 * file is read from the commit, with the edits of the working tree on top; a file that is only missing on disk was not
 * removed.
 *
 * This layer refuses to know registries and how plans are made.
 */
export { findAge } from './age.ts';
export * from './base.ts';
export * from './checkout.ts';
export {
  type ConfigSource,
  identifyFiles,
  isInCommit,
  type PathFile,
  readGlobs,
  readNow,
} from './config-files.ts';
export { type Git, openGit } from './git.ts';
export * from './options.ts';
export { decodeText, readText } from './read-text.ts';
