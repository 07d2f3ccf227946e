/**
 * The schema of image set files as one table, and the strict decoder that it drives.
 *
 * The decoder is Go's encoding/json in its ways: order of visits, words of messages, case of keys, meaning of null.
 * This folder knows types of values and not their meaning.
 */
export * from './decode.ts';
export * from './json-schema.ts';
export * from './types.ts';
export * from './v2alpha1.ts';
