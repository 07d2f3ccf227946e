/**
 * Operators across catalogs: the effects of a changed catalog on the clusters that subscribe to its packages, and the lists of
 * `list operators`.
 *
 * `pairs` finds for each catalog of the base its successor in the head. For each pair `channels` tells which versions a channel
 * gained and lost, and whether a cluster can still update from each. `advice` finds facts for the author of an image set:
 * packages and channels that are gone, missing dependencies, gaps in updates. `removed` writes removed operators as entries of
 * a DeleteImageSetConfiguration, and as images where no entry says it. `list` opens one catalog and lists its offers.
 *
 * Effects of changes are computed from catalogs that were read already. The layer decides nothing: a plan shows its facts and
 * its advice.
 */
export * from './advice.ts';
export * from './channels.ts';
export * from './facts.ts';
export { type Listing, type ListOperatorsRequest, listCatalogs } from './list.ts';
export * from './pairs.ts';
export { removedByImageSet } from './removed.ts';
