/**
 * The data model of the OCI image specification: digests, descriptors, manifests, references. Pure.
 *
 * An image is a graph of descriptors in content-addressed storage. A manifest keeps the bytes it was read from,
 * because those bytes are what its digest names: nothing here writes a manifest that was read. A digest is a type of
 * its own, so that text cannot pass for one. Sizes are bytes, never characters.
 *
 * This layer refuses to know any network, file or clock, and it has no defaults: a part that a reference lacks is absent.
 */
export * from './descriptor.ts';
export * from './digest.ts';
export * from './manifest.ts';
export * from './media-type.ts';
export * from './reference.ts';
