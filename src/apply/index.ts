/**
 * The deed: what a plan says, in the order that can lose nothing.
 */
export * from './render/index.ts';
export * from './types.ts';
