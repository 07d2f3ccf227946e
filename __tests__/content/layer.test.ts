import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visitLayer } from '../../src/content/index.ts';
import { MirrorError } from '../../src/errors.ts';
import { makeTar } from '../support/catalog.ts';
import { effort } from '../support/effort.ts';
import { paxRecord, rawEntry, rawHeader, tarEnd } from '../support/tar.ts';

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

type Seen = readonly [path: string, kind: string, content: string];

async function visit(bytes: AsyncIterable<Uint8Array>): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await visitLayer({ name: 'Layer x', bytes, code: 'CATALOG_INVALID' }, (entry) => {
    const chunks: Uint8Array[] = [];
    return {
      write: async (chunk) => void chunks.push(chunk),
      end: async () => {
        seen.push([entry.path, entry.kind, entry.target || Buffer.concat(chunks).toString()]);
      },
    };
  });
  return seen;
}

const look = async (...parts: readonly Uint8Array[]) => await visit(pieces(Buffer.concat(parts)));
const base256 = (...bytes: readonly number[]) =>
  Buffer.from([...bytes.slice(0, 1), ...Array(12 - bytes.length).fill(0), ...bytes.slice(1)]);

describe('the entries of a layer', () => {
  test('have the names and sizes of extended headers, of POSIX and of GNU', async () => {
    const long = 'd/'.repeat(80);
    expect(
      await look(
        rawEntry(
          { name: 'pax', type: 'x' },
          paxRecord('path', `${long}a`) + paxRecord('size', '3'),
        ),
        rawEntry({ name: 'short', size: 0 }, 'abc'),
        rawEntry({ name: '././@LongLink', type: 'L' }, `${long}b\0`),
        rawEntry({ name: '././@LongLink', type: 'K' }, `${long}c\0`),
        rawEntry({ name: 'link', type: '2' }),
        rawEntry({ name: 'after' }, 'plain'),
        tarEnd,
      ),
    ).toEqual([
      [`${long}a`, 'file', 'abc'],
      [`${long}b`, 'symlink', `${long}c`],
      ['after', 'file', 'plain'],
    ]);
  });

  test('are not changed by a global header, as no runtime heeds one', async () => {
    const global = rawEntry({ name: 'g', type: 'g' }, paxRecord('path', 'other'));
    expect(await look(global, rawEntry({ name: 'a' }, 'x'))).toEqual([['a', 'file', 'x']]);
  });

  test('that are links, devices or directories carry no bytes, whatever their size says', async () => {
    const kinds = [
      ['1', 'link'],
      ['3', 'device'],
      ['5', 'directory'],
      ['6', 'device'],
    ] as const;
    for (const [type, kind] of kinds) {
      const header = rawHeader({ name: 'a', type, size: 4096, link: type === '1' ? 'b' : '' });
      const seen = await look(header, rawEntry({ name: 'c' }, 'x'), tarEnd);
      expect(seen).toEqual([
        ['a', kind, type === '1' ? 'b' : ''],
        ['c', 'file', 'x'],
      ]);
    }
  });

  test('with holes are of no known kind, and what follows them is found', async () => {
    const sparse = rawHeader({ name: 'old', type: 'S', size: 3 });
    sparse[482] = 1;
    const checked = rawHeader({ name: 'old', type: 'S', size: 3 });
    const sum = Number.parseInt(checked.toString('latin1', 148, 154), 8) + 1;
    sparse.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const content = Buffer.concat([Buffer.from('abc'), Buffer.alloc(509)]);
    const seen = await look(
      sparse,
      Buffer.alloc(512),
      content,
      rawEntry({ name: 'p', type: 'x' }, paxRecord('GNU.sparse.name', 'new')),
      rawEntry({ name: 'GNUSparseFile.0/x' }, 'y'),
      rawEntry({ name: 'z' }, 'z'),
    );
    expect(seen).toEqual([
      ['old', 'unknown', 'abc'],
      ['new', 'unknown', 'y'],
      ['z', 'file', 'z'],
    ]);
  });

  test('end with two empty blocks, whatever follows; the last padding may be missing', async () => {
    const entry = rawEntry({ name: 'a' }, 'x');
    expect(await look(entry, tarEnd, Buffer.from('garbage'))).toHaveLength(1);
    expect(await look(entry.subarray(0, 513))).toHaveLength(1);
    expect(await look()).toEqual([]);
  });

  test('may have the header of the oldest tars', async () => {
    expect(await look(rawEntry({ name: 'a', magic: '\0' }, 'x'))).toEqual([['a', 'file', 'x']]);
  });
});

describe('a layer that is broken is told by its name', () => {
  const entry = rawEntry({ name: 'a' }, 'x');
  test.each([
    ['a size of 2^63', [rawHeader({ name: 'a', size: base256(0x80, 0x80, 0, 0, 0, 0, 0, 0, 0) })]],
    ['a size below nothing', [rawHeader({ name: 'a', size: Buffer.alloc(12, 0xff) })]],
    ['a size that is no number', [rawHeader({ name: 'a', size: Buffer.from('9'.repeat(12)) })]],
    ['an extended size below nothing', [rawEntry({ name: 'p', type: 'x' }, '11 size=-1\n'), entry]],
    ['an extended size of 1e9', [rawEntry({ name: 'p', type: 'x' }, '12 size=1e9\n'), entry]],
    ['an extended header of nonsense', [rawEntry({ name: 'p', type: 'x' }, '99 path=a\n'), entry]],
    ['an extended header too large', [rawHeader({ name: 'p', type: 'x', size: 2 ** 21 })]],
    ['a wrong checksum', [rawHeader({ name: 'a', checksum: '000000\0 ' })]],
    ['no header', [Buffer.from('<html>'.repeat(200))]],
    ['an end within a file', [rawHeader({ name: 'a', size: 4096 }), Buffer.alloc(512)]],
    ['an end within a header', [entry, entry.subarray(0, 100)]],
    ['an empty block between entries', [entry, Buffer.alloc(512), entry]],
    ['a path that no system takes', [rawEntry({ name: '', type: 'L' }, 'a/'.repeat(3000)), entry]],
    ['gzip cut off', [gzipSync(entry).subarray(0, 30)]],
    ['zstd cut off', [zstdCompressSync(entry).subarray(0, 30)]],
    [
      'gzip with a wrong checksum',
      [Buffer.concat([gzipSync(entry).subarray(0, -8), Buffer.alloc(8, 1)])],
    ],
  ])('with %s', async (_, parts) => {
    const failure = await look(...parts).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(failure).toBeInstanceOf(MirrorError);
    expect(failure).toMatchObject({
      code: expect.stringMatching(/^(?:CATALOG_INVALID|TOO_LARGE)$/),
      message: expect.stringContaining('Layer x'),
    });
  });

  test('and a sink that fails is told as it failed', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    const reading = visitLayer(
      { name: 'Layer x', bytes: pieces(entry), code: 'CATALOG_INVALID' },
      () => ({
        write: async () => {
          throw full;
        },
        end: async () => {},
      }),
    );
    await expect(reading).rejects.toBe(full);
  });

  test('and a stream that breaks is told as it broke, however it is packed', async () => {
    const broken = new Error('reset');
    for (const packed of [entry, gzipSync(entry)]) {
      async function* cut(): AsyncGenerator<Uint8Array> {
        yield packed.subarray(0, 20);
        throw broken;
      }
      await expect(visit(cut())).rejects.toMatchObject({ cause: broken });
    }
  });
});

test('one byte again and again is refused long before it is unpacked', async () => {
  const gzip = createGzip();
  const zeros = Buffer.alloc(1024 * 1024);
  async function* large(): AsyncGenerator<Uint8Array> {
    yield* pieces(rawHeader({ name: 'a', size: 2 ** 31 }));
    for (let count = 0; count < 200; count += 1) yield zeros;
  }
  const { Readable } = await import('node:stream');
  Readable.from(large()).pipe(gzip);
  const packed = Buffer.concat(await gzip.toArray());
  await expect(visit(pieces(packed))).rejects.toThrow(
    'Layer x has more than 1000 bytes after decompression for each compressed byte',
  );
}, 30_000);

test('whatever is changed in a layer, it is read or refused', async () => {
  const sound = Buffer.from(
    await makeTar([
      ['configs/a/catalog.json', '{}'],
      ['b', 'c'.repeat(600)],
      [`${'d'.repeat(120)}`, 'e'],
    ]),
  );
  const change = fc.record({ at: fc.nat(sound.byteLength - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.nat(3000),
      async (changes, cut) => {
        const bytes = Buffer.from(
          sound.subarray(0, sound.byteLength - (cut > 2000 ? cut - 2000 : 0)),
        );
        for (const { at, byte } of changes) bytes[at] = byte;
        const failure = await visit(pieces(bytes)).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (failure !== undefined) expect(failure).toBeInstanceOf(MirrorError);
      },
    ),
    { numRuns: effort.runs(200) },
  );
}, 30_000);
