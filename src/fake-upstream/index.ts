/**
 * A fake source for a mirror: releases with their components, an update graph and its data, and signatures.
 *
 * It has the formats of the real sources: a payload is an image whose last layer lists components by digest, a graph depends
 * on channel and architecture, a signature is an OpenPGP message that a mirror really verifies, with a new key. Signatures
 * of cosign have the form alone. So the demo and the tests run the same code as real runs, on any machine, without a network.
 *
 * Laws: the same options always give the same digests (only the key is new each time); content is made on demand, so that
 * gigabytes need no memory; the images are data, and the caller chooses the registry for them.
 *
 * The layer does not know how a mirror works: it imports the formats and nothing above them.
 */
export * from './content.ts';
export * from './graph-data.ts';
export * from './image.ts';
export * from './release.ts';
export * from './serve.ts';
export * from './signing.ts';
export * from './upstream.ts';
