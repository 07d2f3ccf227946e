/**
 * A world upstream of a mirror, made up: releases with their components, an update graph, signatures and a key, catalogs.
 *
 * Everything a mirror needs of the real upstream is here in small and in the real formats: a payload is an image whose
 * last layer lists components by digest, a graph answers by channel and architecture, a signature is an OpenPGP message
 * that a mirror really verifies, with a key made on the spot. So a demonstration and a test run the same code as a run
 * against the real thing, on any machine, without a network.
 *
 * Laws: the same options give the same digests, whoever asks and whenever (the key alone is new each time); content is
 * made when it is asked for, so that gigabytes can be offered without being held; the images are data, and whoever keeps
 * them (a registry in this process or a real one) is the caller's choice.
 *
 * The layer refuses to know how a mirror works: it imports the formats and nothing above them.
 */
export * from './catalog.ts';
export * from './content.ts';
export * from './image.ts';
export * from './release.ts';
export * from './serve.ts';
export * from './signing.ts';
export * from './upstream.ts';
