/**
 * The decision: from what was wanted, what is wanted and what is there, to what will be done. Pure.
 */
export * from './types.ts';
