import { type Budget, createOnce } from '../base/index.ts';
import { RegistryError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import type { Inventory } from './inventory.ts';
import { atSide, streamOf } from './sides.ts';

/** A blob, where it can be had and where it has to be. */
export interface BlobTask {
  readonly blob: Descriptor;
  readonly from: Repository;
  readonly to: Repository;
}

/** The facts that a copier of blobs works with. */
export interface BlobCopierOptions {
  readonly inventory: Inventory;
  /** Streams that may be open at once, by weight. */
  readonly budget: Budget;
  onBytes(count: number): void;
}

/** Brings blobs to the target. */
export interface BlobCopier {
  /** Makes sure that a repository has a blob; gives the bytes that this call, and no earlier one, moved. */
  ensure(task: BlobTask): Promise<number>;
  /**
   * Drops what was found out about a repository: the target lacks a part that it said to have. From then on nothing is mounted
   * there; from the second time on no answer to HEAD counts either, and blobs are sent.
   */
  forget(repository: string): void;
}

/** Blobs from this size on, in bytes, keep buffers full at both ends. */
const largeBlob = 4 * 1024 * 1024;

/** The weight of a large blob; a small one weighs 1. */
const largeCost = 4;

/** Refusals in a row after which mounting is given up: the registry does not mount at all. */
const maxRefusals = 3;

async function upload(task: BlobTask, options: BlobCopierOptions): Promise<void> {
  const { blob, from, to } = task;
  const reference = `${from.registry}/${from.name}@${blob.digest}`;
  const facts = { reference, onBytes: options.onBytes };
  const open = async () => {
    const source = { side: 'source', operation: 'fetching', reference } as const;
    return streamOf(await atSide(source, () => from.blobs.fetch(blob)), facts);
  };
  const cost = blob.size >= largeBlob ? largeCost : 1;
  await options.budget.spend(cost, () => to.blobs.push(blob, open));
  // Before anybody who waits for it goes on, so that they find it.
  options.inventory.addBlob(to.name, blob.digest);
}

/** A registry that does not say whether it has a blob is sent it: the upload tells whether anything is wrong. */
async function isThere({ blob, to }: BlobTask): Promise<boolean> {
  try {
    return await to.blobs.exists(blob.digest, blob.size);
  } catch (error) {
    if (error instanceof RegistryError && error.status !== undefined) return false;
    throw error;
  }
}

/** The answers of a target about its blobs, as far as they can be trusted, and its mounts, as long as it does so. */
function createAnswers(inventory: Inventory) {
  let refusals = 0;
  const doubts = new Map<string, number>();
  const doubtOf = ({ to }: BlobTask): number => doubts.get(to.name) ?? 0;
  const isWilling = () => refusals < maxRefusals;
  return {
    async isFound(task: BlobTask): Promise<boolean> {
      return doubtOf(task) < 2 && !inventory.isNew(task.to.name) && (await isThere(task));
    },
    /** Tells whether it is worth waiting for a blob that is on its way to another repository. */
    isWilling,
    /** Gives another repository that has a blob, where it is worth asking for it. */
    homeFor(task: BlobTask): string | undefined {
      const isAsked = doubtOf(task) === 0 && isWilling();
      const home = isAsked ? inventory.homeOf(task.blob.digest) : undefined;
      return home === task.to.name ? undefined : home;
    },
    async mount({ blob, to }: BlobTask, home: string): Promise<boolean> {
      const answer = await to.blobs.mount(blob.digest, home);
      refusals = answer === 'mounted' ? 0 : refusals + 1;
      return answer === 'mounted';
    },
    /** Notes that a repository lacks a blob that it was said to have. */
    doubt: (repository: string) => void doubts.set(repository, (doubts.get(repository) ?? 0) + 1),
  };
}

/** Creates a copier of blobs: each crosses the wire once, whatever the number of repositories that need it. */
export function createBlobCopier(options: BlobCopierOptions): BlobCopier {
  const { inventory } = options;
  const once = createOnce<void>();
  const answers = createAnswers(inventory);
  /** Uploads under way: a second repository waits for the first's, and mounts. */
  const arriving = new Map<string, Promise<void>>();

  /** Gives the bytes moved. */
  async function bring(task: BlobTask): Promise<number> {
    const { blob } = task;
    if (await answers.isFound(task)) return 0;
    const first = answers.isWilling() ? arriving.get(blob.digest) : undefined;
    if (first) await first.catch(() => undefined);
    const home = answers.homeFor(task);
    if (home !== undefined && (await answers.mount(task, home))) return 0;
    // Nothing is awaited between the look for an upload under way and this one: two never begin at once.
    const arrival = upload(task, options);
    if (!arriving.has(blob.digest)) arriving.set(blob.digest, arrival);
    try {
      await arrival;
    } finally {
      if (arriving.get(blob.digest) === arrival) arriving.delete(blob.digest);
    }
    return blob.size;
  }

  return {
    async ensure(task) {
      const { blob, to } = task;
      if (inventory.hasBlob(to.name, blob.digest)) return 0;
      let moved = 0;
      const reference = `${to.registry}/${to.name}@${blob.digest}`;
      await once.run(`${to.name} ${blob.digest}`, async () => {
        moved = await atSide({ side: 'target', operation: 'pushing', reference }, () =>
          bring(task),
        );
        inventory.addBlob(to.name, blob.digest);
      });
      return moved;
    },
    forget(repository) {
      answers.doubt(repository);
      once.forget((key) => key.startsWith(`${repository} `));
    },
  };
}
