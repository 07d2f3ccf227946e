import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { walk } from '../../src/mirror/index.ts';
import type { Digest, Manifest } from '../../src/oci/index.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';

const [a, b, c] = ['a', 'b', 'c'].map((seed) => makeImage({ seed }));
if (!a || !b || !c) throw new Error('no images');
const digestOf = ({ manifest }: TestImage): Digest => manifest.descriptor.digest;

/** Reads from images by digest; `slow` ones take a turn of the event loop more each. */
function reader(images: readonly TestImage[], slow: readonly TestImage[] = []) {
  const asked: Digest[] = [];
  const known = new Map<Digest, Manifest>(images.map((one) => [digestOf(one), one.manifest]));
  const read = async (digest: Digest): Promise<Manifest | undefined> => {
    asked.push(digest);
    if (slow.some((one) => digestOf(one) === digest)) for (let n = 0; n < 3; n += 1) await turn();
    return known.get(digest);
  };
  return { asked, read };
}

const digestsOf = async (
  root: TestImage,
  read: (digest: Digest) => Promise<Manifest | undefined>,
) => (await walk(digestOf(root), { read })).map(({ digest }) => digest);

describe('a walk', () => {
  it('gives an image alone as itself, and nothing of what is not there but its digest', async () => {
    const { read } = reader([a]);
    expect(await walk(digestOf(a), { read })).toEqual([
      { digest: digestOf(a), manifest: a.manifest },
    ]);
    expect(await walk(digestOf(b), { read })).toEqual([
      { digest: digestOf(b), manifest: undefined },
    ]);
  });

  it('gives children before their parent, in the order of the index', async () => {
    const index = makeIndex([a, b, c]);
    const { read } = reader([index, a, b, c], [a]);
    expect(await digestsOf(index, read)).toEqual([a, b, c, index].map(digestOf));
  });

  it('gives what two indexes share once, and before both, whichever is read first', async () => {
    const [left, right] = [makeIndex([a, b]), makeIndex([b, c])];
    const root = makeIndex([left, right]);
    const all = [root, left, right, a, b, c];
    for (const slow of [[left], [right], [b]]) {
      const { asked, read } = reader(all, slow);
      const digests = await digestsOf(root, read);
      expect(digests).toEqual([a, b, left, c, right, root].map(digestOf));
      expect(asked.toSorted()).toEqual(all.map(digestOf).toSorted());
    }
  });

  it('stops where indexes lie too deep inside each other, however they are reached', async () => {
    const chain: TestImage[] = [a];
    for (let depth = 0; depth < 400; depth += 1) chain.unshift(makeIndex(chain.slice(0, 1)));
    const limit = expect.objectContaining({ message: expect.stringContaining('the limit is 16') });
    const [top] = chain;
    if (!top) throw new Error('no chain');
    await expect(digestsOf(top, reader(chain).read)).rejects.toEqual(limit);
    const all = makeIndex(chain);
    await expect(digestsOf(all, reader([all, ...chain]).read)).rejects.toEqual(limit);
    const [deepest] = chain.slice(-17);
    if (!deepest) throw new Error('no chain');
    expect(await digestsOf(deepest, reader(chain).read)).toHaveLength(17);
  });

  it('leaves out the children of other platforms', async () => {
    const index = makeIndex([a, b]);
    const { asked, read } = reader([index, a, b]);
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    const found = await walk(digestOf(index), { read, platforms });
    expect(found.map(({ digest }) => digest)).toEqual([b, index].map(digestOf));
    expect(asked).not.toContain(digestOf(a));
  });
});
