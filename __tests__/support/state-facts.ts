import type { MirroredPlacement } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { emptyState, type State, type UndoRecord } from '../../src/state/index.ts';

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

/** What is kept of one deleted tag. */
export function undoOf(tag: string): UndoRecord {
  const raw = bytesOf(tag);
  const placement = placementOf(tag, 'a.yaml');
  return {
    placement,
    manifests: [{ digest: digestOf(raw), mediaType: placement.mediaType, raw }],
  };
}
