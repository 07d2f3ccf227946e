/**
 * Content by digest, and the layers of images, read within limits.
 *
 * A layer is foreign: anyone may have built it, and a few kilobytes of it may unpack into gigabytes. So it is only ever a
 * stream. `layer` decompresses it and counts, `tar` shows its entries one after the other, and only files that the caller
 * asked for are kept. A layer means the same here as to a container runtime, which reads tar as Go does: sizes are never
 * negative, links carry no bytes, two empty blocks end the archive.
 *
 * `source` reads manifests and blobs by digest: from a cache, else from a repository. A caller names a digest and gets
 * verified bytes, or a stream within limits.
 *
 * Laws: every failure is an error of the call that reads, never an event; the layer is read to its end, for only there its
 * digest is proved; a name in a layer never becomes a path on this machine.
 *
 * The layer refuses to know what the files say and which image they belong to.
 */
export * from './layer.ts';
export * from './limits.ts';
export * from './source.ts';
export { confine, type FileSink, type LayerEntry, visitTar } from './tar.ts';
