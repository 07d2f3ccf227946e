import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import type { Limit } from '../../src/base/index.ts';
import { readLayerFiles } from '../../src/content/index.ts';
import { ContentError } from '../../src/errors.ts';
import { strayDigest } from '../../src/fake-upstream/index.ts';

async function tar(files: readonly (readonly [string, string])[]): Promise<Uint8Array> {
  const packing = pack();
  for (const [name, text] of files) packing.entry({ name }, text);
  packing.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of packing) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function* inPieces(bytes: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

const tiny: Limit = { most: 10_000, unit: 'bytes', why: 'Tests are small.' };

async function readFiles(
  bytes: AsyncIterable<Uint8Array>,
  isWanted: (path: string) => boolean = () => true,
  limits = { file: tiny, files: tiny },
) {
  const layer = {
    name: `Layer ${strayDigest('a layer')}`,
    bytes,
    code: 'PAYLOAD_INVALID',
  } as const;
  return await readLayerFiles(layer, { isWanted, what: 'payload', limits });
}

async function read(bytes: Uint8Array) {
  const files = await readFiles(inPieces(bytes));
  return [...files].map(([name, found]) => [name, Buffer.from(found).toString()]);
}

describe('files of a layer', () => {
  const files = [['release-manifests/image-references', '{}']] as const;

  test.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('are read from %s, whatever the media type says', async (_, compress) => {
    expect(await read(compress(await tar(files)))).toEqual(files);
  });

  test('with tricks in their path are those that a container would see', async () => {
    const tricky = [
      ['../../etc/passwd', 'a'],
      ['/abs', 'b'],
      ['./dot', 'c'],
    ] as const;
    expect(await read(await tar(tricky))).toEqual([
      ['etc/passwd', 'a'],
      ['abs', 'b'],
      ['dot', 'c'],
    ]);
  });

  test('that are not wanted are passed over', async () => {
    const bytes = await tar([
      ['a', '1'.repeat(5000)],
      ['b', '2'],
    ]);
    const found = await readFiles(inPieces(bytes), (name) => name === 'b');
    expect([...found.keys()]).toEqual(['b']);
  });

  test('are refused where one of them, or all together, are too large', async () => {
    const bytes = await tar([
      ['a', '1'.repeat(600)],
      ['b', '2'.repeat(600)],
    ]);
    const limit = (most: number): Limit => ({ ...tiny, most });
    const reading = (file: number, files: number) =>
      readFiles(inPieces(bytes), () => true, { file: limit(file), files: limit(files) });
    await expect(reading(599, 1200)).rejects.toThrow('The payload file a has more than 599 bytes');
    await expect(reading(600, 1199)).rejects.toThrow('The payload has more than 1199 bytes');
    expect((await reading(600, 1200)).size).toBe(2);
  });

  test('are not read from what is no layer', async () => {
    await expect(read(Buffer.from('<html>'.repeat(200)))).rejects.toThrow(ContentError);
    await expect(read(gzipSync(Buffer.from('x')).subarray(0, 15))).rejects.toThrow(ContentError);
  });

  test('do not count when the stream fails at its end, behind the last of them', async () => {
    const whole = gzipSync(await tar(files));
    const failing = (async function* () {
      yield whole;
      throw new ContentError('DIGEST_MISMATCH', 'wrong bytes');
    })();
    await expect(readFiles(failing)).rejects.toThrow('wrong bytes');
  });
});
