/**
 * What an OpenShift release is: which versions a channel offers, what a payload contains, who signed it.
 *
 * Three facts shape this layer. An update graph only names payloads, so choosing versions is pure: a selection asks
 * for graphs by yielding and is driven either by the network or by graphs that are already known, and both give the
 * same answer. A payload is an image whose last layer lists its components, so one small layer is read and the rest
 * never moves. A signature is a signed sentence, "this digest is that release", and it counts only when it was read to
 * its end, verified with a key that was given or is pinned here by fingerprint, and names the digest that was asked for.
 *
 * Laws: nothing is trusted before it is verified, not even a file of the workspace; every size is bounded; a version
 * that is no semantic version is a finding, never a crash.
 *
 * The layer refuses to know configurations and targets: it is handed channels, not files, and gives releases, not
 * placements. Time, chance and the network are arguments.
 */
export * from './architecture.ts';
export * from './component.ts';
export * from './graph.ts';
export * from './graph-source.ts';
export * from './keys.ts';
export * from './known-graph.ts';
export * from './payload.ts';
export * from './select.ts';
export * from './signature.ts';
export * from './signature-source.ts';
export * from './version.ts';
export * from './workspace.ts';
