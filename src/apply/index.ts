/**
 * The deed: what a plan says, in the order that can lose nothing.
 */
export * from './types.ts';
