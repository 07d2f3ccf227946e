/**
 * What is known of a target between runs.
 */
export * from './types.ts';
