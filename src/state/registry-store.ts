import { RegistryError } from '../errors.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { createLinesImage, fetchLines, type LinesImage, pushLinesImage } from './artifact.ts';
import { type DecodedSnapshot, decodeSnapshot, encodeSnapshot } from './encode.ts';
import { type EntryId, entryId, isEntryId } from './entry-id.ts';
import { runIdIn } from './facts.ts';
import type { Shelf, UndoShelf } from './shelf.ts';
import { createStateStore } from './store.ts';
import { createTagProbe } from './tag-probe.ts';
import type { RunId, StateStore } from './types.ts';
import { unreadableIn } from './unreadable.ts';

/** The place of a state in a registry, and the token of the run. */
export interface RegistryStateOptions {
  /** `<prefix>/imageset-mirror/state`. */
  readonly repository: Repository;
  /** 16 hex digits by chance. */
  readonly token: string;
}

const headTag = 'default';
const entryPrefix = 'entry-';
const undoPattern = /^undo-(\d{10})-([0-9a-f]{16})$/;
const oldUndoPattern = /^undo-default-(\d{1,10})$/;

const tagOf = (id: EntryId) => `${entryPrefix}${id}`;

function undoTag({ id, token }: RunId): string {
  return token === undefined ? `undo-default-${id}` : `undo-${entryId(id, token)}`;
}

/** Statuses by which registries say that a tag may not be moved. */
const immovable: ReadonlySet<number> = new Set([400, 403, 405, 409, 412]);

function isImmovable(thrown: unknown): boolean {
  return thrown instanceof RegistryError && immovable.has(thrown.status ?? 0);
}

/** Codes by which registries refuse a push, or report a missing namespace. */
const refusals: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'DENIED', 'NOT_FOUND']);

function explainRefusal({ registry, name }: Repository, cause: unknown): unknown {
  if (!(cause instanceof RegistryError)) return cause;
  if (!refusals.has(cause.code) && !isImmovable(cause)) return cause;
  const message = `The state cannot be written to ${registry}/${name}: ${cause.message}`;
  // The refusal itself says which account was used.
  const account = cause.hint ? `${cause.hint} If that account is the right one: ` : '';
  const hint = `${account}create that repository and allow pushing new tags to it, choose a target path that you own, or let the state lie in a directory: --state DIRECTORY on the command line, "state: DIRECTORY" in the action.`;
  return new RegistryError(cause.code, message, { cause, hint });
}

/** Pushes under a new tag; a push whose answer was lost has already done what the second one is refused. */
async function pushNew(repository: Repository, image: LinesImage, tag: string): Promise<Digest> {
  const { digest } = image.manifest.descriptor;
  try {
    await pushLinesImage(repository, image, tag);
  } catch (cause) {
    const there = isImmovable(cause) ? await repository.manifests.resolve(tag) : undefined;
    if (there?.digest !== digest) throw explainRefusal(repository, cause);
  }
  return digest;
}

function createUndoShelf(repository: Repository): UndoShelf {
  const kind = 'imageset-mirror.undo';
  return {
    async read(run) {
      const tag = undoTag(run);
      const found = await unreadableIn(`${repository.name}:${tag}`, () =>
        fetchLines(repository, tag, kind),
      );
      return found && { digest: found.digest, bytes: found.layer };
    },
    async write(run, bytes) {
      const image = createLinesImage(kind, bytes);
      await pushLinesImage(repository, image, undoTag(run)).catch((cause: unknown) => {
        throw explainRefusal(repository, cause);
      });
      return image.manifest.descriptor.digest;
    },
    async list() {
      return ((await repository.tags.list()) ?? []).flatMap(
        (tag) => runIdIn(undoPattern.exec(tag) ?? oldUndoPattern.exec(tag)) ?? [],
      );
    },
  };
}

function createRegistryShelf(repository: Repository): Shelf {
  const kind = 'imageset-mirror.state';
  const probe = createTagProbe(repository);
  const written = new Map<EntryId, LinesImage>();
  const remover = createEntryRemover(repository);

  function readTag(tag: string): Promise<DecodedSnapshot | undefined> {
    return unreadableIn(`${repository.name}:${tag}`, async () => {
      const found = await fetchLines(repository, tag, kind);
      return found && decodeSnapshot(found.layer, hexOf(found.digest).slice(0, 16));
    });
  }

  return {
    async list() {
      const tags = await repository.tags.list();
      if (tags === undefined) return undefined;
      const entries = tags
        .filter((tag) => tag.startsWith(entryPrefix))
        .map((tag) => tag.slice(entryPrefix.length))
        .filter(isEntryId);
      const isStarted = entries.length > 0 || tags.includes(headTag);
      return { entries, tagLists: isStarted ? await probe.read(tags) : 'unknown' };
    },
    async read(id) {
      return (await readTag(tagOf(id)))?.snapshot;
    },
    async put(id, snapshot) {
      const image = createLinesImage(kind, encodeSnapshot(snapshot, id));
      await pushNew(repository, image, tagOf(id));
      written.set(id, image);
    },
    readHead: () => readTag(headTag),
    async moveHead(id) {
      await probe.place();
      const image = written.get(id);
      if (!image) return 'refused';
      try {
        await repository.manifests.push(image.manifest, headTag);
        return 'moved';
      } catch (thrown) {
        if (isImmovable(thrown)) return 'refused';
        throw thrown;
      }
    },
    drop: (ids) => remover(ids.map(tagOf)),
    undo: createUndoShelf(repository),
  };
}

/**
 * Removes tags of entries, and asks no more once the registry refuses.
 *
 * A manifest is deleted only when the fixed name does not name it. Failures are ignored: an entry that stays does no harm.
 */
function createEntryRemover(repository: Repository): (tags: readonly string[]) => Promise<void> {
  const ways = [
    (tag: string) => repository.tags.delete(tag),
    async (tag: string) => {
      const [named, head] = await Promise.all(
        [tag, headTag].map((one) => repository.manifests.resolve(one)),
      );
      if (named && named.digest !== head?.digest) await repository.manifests.delete(named.digest);
    },
  ];

  async function remove(tag: string): Promise<void> {
    while (ways[0]) {
      try {
        await ways[0](tag);
        return;
      } catch (thrown) {
        if (!(thrown instanceof RegistryError)) throw thrown;
        ways.shift();
      }
    }
  }

  return async (tags) => {
    for (const tag of tags) await remove(tag);
  };
}

/**
 * Keeps a state in the target registry, as ordinary OCI images of one repository.
 *
 * Shape: `entry-<number>-<token>` is written once by the run of that token; `default` names the newest entry where tags can
 * be moved; undo records lie beside them as `undo-<number>-<token>`.
 * Effects: in the steady state a read is three GETs: the list of tags, the manifest of `default`, its layer.
 */
export function createRegistryStateStore(options: RegistryStateOptions): StateStore {
  return createStateStore(createRegistryShelf(options.repository), options.token);
}
