import type { Descriptor } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import type { Budget } from './budget.ts';
import type { Inventory } from './inventory.ts';
import { createOnce } from './once.ts';
import { atSide, streamOf } from './sides.ts';

/** A blob, where it can be had and where it has to be. */
export interface BlobTask {
  readonly blob: Descriptor;
  readonly from: Repository;
  readonly to: Repository;
}

/** What blobs are copied with. */
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
  /** Drops what was found out about a repository. */
  forget(repository: string): void;
}

/** Blobs from this size on, in bytes, keep buffers full at both ends. */
const largeBlob = 4 * 1024 * 1024;

/** What a large blob weighs against a small one. */
const largeCost = 4;

/** Refusals in a row after which mounting is given up: the registry does not mount at all. */
const maxRefusals = 3;

/** Creates a copier of blobs: each crosses the wire once, whatever the number of repositories that need it. */
export function createBlobCopier(options: BlobCopierOptions): BlobCopier {
  const { inventory, budget } = options;
  const once = createOnce<void>();
  /** Uploads under way: a second repository waits for the first's, and mounts. */
  const arriving = new Map<string, Promise<void>>();
  let refusals = 0;

  async function mount({ blob, to }: BlobTask): Promise<boolean> {
    if (refusals >= maxRefusals) return false;
    await arriving.get(blob.digest)?.catch(() => undefined);
    const home = inventory.homeOf(blob.digest);
    if (home === undefined || home === to.name) return false;
    const answer = await to.blobs.mount(blob.digest, home);
    refusals = answer === 'mounted' ? 0 : refusals + 1;
    return answer === 'mounted';
  }

  async function upload({ blob, from, to }: BlobTask): Promise<void> {
    const reference = `${from.registry}/${from.name}@${blob.digest}`;
    const facts = { reference, onBytes: options.onBytes };
    const open = async () => {
      const source = { side: 'source', operation: 'fetching', reference } as const;
      return streamOf(await atSide(source, () => from.blobs.fetch(blob)), facts);
    };
    const cost = blob.size >= largeBlob ? largeCost : 1;
    await budget.spend(cost, () => to.blobs.push(blob, open));
  }

  /** Gives the bytes moved. */
  async function bring(task: BlobTask): Promise<number> {
    const { blob, to } = task;
    if (!inventory.isNew(to.name) && (await to.blobs.exists(blob.digest))) return 0;
    if (await mount(task)) return 0;
    const arrival = upload(task);
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
      once.forget((key) => key.startsWith(`${repository} `));
    },
  };
}
