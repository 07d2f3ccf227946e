import { ConfigError, RegistryError } from '../errors.ts';
import { type Digest, tagPattern } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import {
  type ArtifactKind,
  createArtifact,
  fetchArtifact,
  pushArtifact,
  stateArtifact,
  undoArtifact,
} from './artifact.ts';
import { decodeState, encodeState } from './encode.ts';
import { refuseStale } from './stale.ts';
import type { StateStore } from './types.ts';
import { decodeUndo, encodeUndo, mergeUndo } from './undo.ts';

/** Where in a registry a state lives. */
export interface RegistryStateOptions {
  /** `<prefix>/imageset-mirror/state`. */
  readonly repository: Repository;
  /** The tag of the state; the undo records lie beside it as `undo-<name>-<id>`. */
  readonly name: string;
}

/** The annotation that names the digest of the state before: the history can be walked back. */
export const previousAnnotation = 'io.imageset-mirror.state.previous';

/**
 * Keeps a state in the target registry: a small OCI artifact with one gzip layer.
 *
 * Shape: `version` is the digest of its manifest, which names its predecessor's.
 * Effects: a read is two GETs. A write asks for the tag once more, then pushes blobs, then manifest and tag in one PUT.
 * Registries have no conditional PUT: two runs that write in the same instant are not told apart.
 * @throws ConfigError `INPUT_INVALID` when `name` is no tag, or one of the undo records'.
 */
export function createRegistryStateStore({ repository, name }: RegistryStateOptions): StateStore {
  if (!tagPattern.test(name) || name.length > 100 || name.startsWith('undo-')) {
    throw new ConfigError('INPUT_INVALID', `"${name}" cannot name a state.`, {
      hint: 'A name has at most 100 letters, digits, dots, dashes and underscores, and does not begin with "undo-".',
    });
  }

  // With the name in it: two states of one repository count their runs each from 1.
  const undoTag = (id: number) => `undo-${name}-${id}`;

  async function push(kind: ArtifactKind, layer: Uint8Array, to: Destination): Promise<Digest> {
    const manifest = createArtifact(kind, layer, to.annotations ?? {});
    try {
      await pushArtifact(repository, manifest, { layer, tag: to.tag });
    } catch (cause) {
      throw explainRefusal(repository, cause);
    }
    return manifest.descriptor.digest;
  }

  async function readUndo(id: number) {
    const found = await fetchArtifact(repository, undoTag(id), undoArtifact);
    return found && decodeUndo(found.layer);
  }

  return {
    async read() {
      const found = await fetchArtifact(repository, name, stateArtifact);
      return found && { state: decodeState(found.layer), version: found.digest };
    },
    async write(state, expected) {
      const current = await repository.manifests.resolve(name);
      refuseStale(current?.digest, expected);
      const annotations = expected === undefined ? {} : { [previousAnnotation]: expected };
      return push(stateArtifact, encodeState(state), { tag: name, annotations });
    },
    async writeUndo(id, records) {
      const all = await mergeUndo(() => readUndo(id), records);
      return push(undoArtifact, encodeUndo(all), { tag: undoTag(id) });
    },
    readUndo,
  };
}

/** Ways in which registries say that nobody may push here, or that there is no such namespace. */
const refusals: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'DENIED', 'NOT_FOUND']);

function explainRefusal({ registry, name }: Repository, cause: unknown): unknown {
  if (!(cause instanceof RegistryError) || !refusals.has(cause.code)) return cause;
  const message = `The state cannot be written to ${registry}/${name}: ${cause.message}`;
  const hint =
    'Create that repository and allow pushing to it, choose a target path that you own, or let the state lie in a directory.';
  return new RegistryError(cause.code, message, { cause, hint });
}

interface Destination {
  readonly tag: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
