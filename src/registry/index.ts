/**
 * The distribution specification over HTTP, one file for each kind of thing it serves.
 */
export * from './options.ts';
export * from './repository.ts';
