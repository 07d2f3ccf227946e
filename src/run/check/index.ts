/**
 * Looks at what was mirrored, and brings back what is missing.
 *
 * `verify` compares the target with the state. `repair` brings back from the sources, by digest, what `verify` found missing or
 * damaged: it makes a plan of these images alone and applies it like any other. `restore` puts back what an apply removed,
 * from what the target still has.
 *
 * `upstream` looks for content that sources have by now and the mirror lacks, and suggests lines of the configuration.
 *
 * The folder moves no tag that names another image and deletes nothing.
 */
export * from './restore.ts';
export * from './verify.ts';
