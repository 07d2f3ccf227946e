import type { MirroredPlacement } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/state/encode.ts';
import { entryId } from '../../src/state/entry-id.ts';
import { sayState, stateOfSnapshot } from '../../src/state/facts.ts';
import { emptyState, type State, type UndoRecord } from '../../src/state/index.ts';
import { emptySnapshot } from '../../src/state/snapshot.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A placement of one tag, wanted by `imageSets`; its content follows from its tag. */
export function placementOf(tag: string, ...imageSets: string[]): MirroredPlacement {
  return {
    repository: 'mirror/openshift/release',
    tag,
    digest: digestOf(bytesOf(tag)),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    kind: 'ocpReleaseContent',
    origin: `quay.io/openshift/release@${digestOf(bytesOf(tag))}`,
    size: 1000,
    imageSets,
  };
}

/** A state of these placements. */
export function stateOf(...placements: MirroredPlacement[]): State {
  return { ...emptyState(), placements };
}

/** The record that is kept of one deleted tag. */
export function undoOf(tag: string): UndoRecord {
  const raw = bytesOf(tag);
  const placement = placementOf(tag, 'a.yaml');
  return {
    placement,
    manifests: [{ digest: digestOf(raw), mediaType: placement.mediaType, raw }],
  };
}

let count = 0;

/** Gives the token of a run, each time another one. */
export function nextToken(): string {
  count += 1;
  return count.toString(16).padStart(16, '0');
}

/** Encodes a state as the first entry of a run. */
export function encodeState(state: State): Uint8Array {
  const id = entryId(1, 'a'.repeat(16));
  return encodeSnapshot(sayState(emptySnapshot, state, id) ?? emptySnapshot, id);
}

/** Decodes what an entry says. */
export function decodeState(bytes: Uint8Array): State {
  return stateOfSnapshot(decodeSnapshot(bytes, 'b'.repeat(16)).snapshot);
}
