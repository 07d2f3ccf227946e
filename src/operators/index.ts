/**
 * Operators across two catalogs: what a change of a catalog means for the clusters that subscribe to its packages.
 *
 * `pairs` finds for each catalog of the base the one that took its place. From such a pair `channels` tells which versions
 * a channel gained and lost and whether a cluster can still update from each, and `advice` finds what the author of an
 * image set should know: packages and channels that are gone, dependencies that nobody asks for, gaps in updates.
 *
 * All of it is computed from catalogs that were read already. The layer refuses to know where they came from, and it
 * decides nothing: a plan shows its facts and its advice.
 */
export * from './advice.ts';
export * from './channels.ts';
export * from './facts.ts';
export * from './pairs.ts';
