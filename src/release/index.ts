/**
 * OpenShift releases: the versions of a channel, the content of a payload, and its signature.
 *
 * Choosing versions is pure, because an update graph only names payloads: a selection yields requests for graphs, and gets
 * them from the network or from known graphs with the same result. A payload is an image whose last layer lists its
 * components, so one small layer is read. A signature says "this digest is that release". It counts only if it was read to its
 * end, verified with a given key or a key that is pinned here by fingerprint, and names the requested digest. The graph image
 * is a base image with one layer, the data of all graphs; the same data and base give the same image.
 *
 * Laws: nothing is trusted before it is verified, not even a file of the workspace; every size is bounded; an invalid
 * version is a finding, never a crash.
 *
 * The layer does not know configurations and targets: it gets channels and gives releases. Time, chance and the network are
 * arguments.
 */
export * from './component.ts';
export type { UpdateRisk } from './conditional.ts';
export * from './graph.ts';
export * from './graph-data.ts';
export * from './graph-image.ts';
export * from './graph-source.ts';
export * from './keys.ts';
export * from './payload.ts';
export * from './select.ts';
export * from './signature.ts';
export * from './signature-source.ts';
export * from './version.ts';
export * from './workspace.ts';
