/**
 * What the user asked for: image sets, and the placements they mean.
 */
export * from './collector.ts';
export * from './config.ts';
export * from './placement.ts';
