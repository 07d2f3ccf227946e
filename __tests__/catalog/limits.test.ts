import { describe, expect, test } from 'vitest';
import { readCatalogImage, type StoredCatalog } from '../../src/catalog/index.ts';
import { makeCatalogIndex, openCatalogImage, serveCatalog } from '../support/catalog.ts';
import { effort } from '../support/effort.ts';
import { rawEntry, rawHeader, tarEnd } from '../support/tar.ts';

const mebibyte = 1024 * 1024;
const sound = '{"schema":"olm.package","name":"sound"}';

/** Opens a catalog with one sound package and one file of another. */
async function openWith(text: string, name = 'foo/catalog.json'): Promise<StoredCatalog> {
  const layer = [
    [`configs/${name}`, text],
    ['configs/sound/catalog.json', sound],
  ] as const;
  return await openCatalogImage({ layers: [layer] });
}

const bundle = (field: string) => `{"schema":"olm.bundle","package":"foo","name":"a","x":${field}}`;

describe('a file that is made to exhaust its reader spoils its own package alone', () => {
  // A short run takes every second one; those of many mebibytes stand between them.
  const files: readonly (readonly [name: string, text: () => string, why: RegExp])[] = [
    ['a document without an end', () => bundle(`"${'x'.repeat(33 * mebibyte)}`), /32 MiB/],
    [
      'a million brackets',
      () => bundle('['.repeat(1_000_000) + ']'.repeat(1_000_000)),
      /256 levels/,
    ],
    ['one word', () => 'a'.repeat(33 * mebibyte), /32 MiB/],
    [
      'YAML brackets',
      () => `schema: olm.bundle\npackage: foo\nx: ${'['.repeat(100_000)}`,
      /levels|expected/,
    ],
    ['blanks without a line', () => ' '.repeat(33 * mebibyte), /32 MiB/],
    ['a bomb of merges', () => `package: foo\nschema: x\n${mergeBomb()}`, /excessive aliasing/],
    [
      'a long list',
      () => `schema: olm.bundle\npackage: foo\nx: [${'a,'.repeat(400_000)}]`,
      /600000 tokens/,
    ],
    ['control characters', () => 'schema: x\npackage: foo\nname: "\u0000"', /control characters/],
    ['two million objects', () => bundle(`[${'{},'.repeat(2_000_000)}{}]`), /1000000 values/],
  ];

  test.each(effort.some(files, 4))(
    '%s',
    async (_, text, why) => {
      const catalog = await openWith(text());
      await expect(catalog.read('foo')).rejects.toThrow(why);
      expect((await catalog.read('sound'))?.blobs).toHaveLength(1);
    },
    60_000,
  );

  test('a file with holes, or of an unknown kind', async () => {
    for (const type of ['S', 'Z']) {
      const odd = rawEntry({ name: 'configs/foo/a.json', type }, sound);
      const tar = Buffer.concat([odd, rawEntry({ name: 'configs/sound/a.json' }, sound), tarEnd]);
      const catalog = await openCatalogImage({ layers: [tar] });
      await expect(catalog.read('foo')).rejects.toThrow(/file with holes/);
      expect((await catalog.read('sound'))?.blobs).toHaveLength(1);
    }
  });
});

function mergeBomb(): string {
  const lines = ['a0: &a0 {x: 1, y: 2}'];
  for (let level = 1; level < 14; level += 1) {
    const sources = Array(9)
      .fill(`*a${level - 1}`)
      .join(', ');
    lines.push(`a${level}: &a${level} {<<: [${sources}]}`);
  }
  return lines.join('\n');
}

describe('a catalog past a limit is refused as a whole, by the limit', () => {
  test.each([
    ['directories', [rawHeader({ name: `configs/${'a/'.repeat(20)}b` })], '16 directories'],
    [
      'characters',
      [rawEntry({ name: '', type: 'L' }, `configs/${'a'.repeat(2000)}`), rawHeader({ name: 'x' })],
      '1024 characters',
    ],
    ['bytes', [rawHeader({ name: 'configs/a', size: 2 ** 31 + 1 })], '2048 MiB of documents'],
    ['patterns', [rawEntry({ name: 'configs/.indexignore' }, 'a\n'.repeat(1001))], '1000 patterns'],
    [
      'bytes of patterns',
      [rawEntry({ name: 'configs/.indexignore' }, '#'.repeat(70_000))],
      '65536 bytes',
    ],
  ])(
    '%s',
    async (_, parts, limit) => {
      const opening = openCatalogImage({ layers: [Buffer.concat([...parts, tarEnd])] });
      await expect(opening).rejects.toMatchObject({
        code: 'TOO_LARGE',
        message: expect.stringContaining(limit),
        hint: expect.any(String),
      });
    },
    60_000,
  );

  test('images', async () => {
    const platform = (index: number) => ({ os: 'linux', architecture: `a${index}` });
    const recipes = Array.from({ length: 65 }, (_, index) => ({
      layers: [],
      platform: platform(index),
    }));
    const served = serveCatalog(await makeCatalogIndex(recipes));
    await expect(readCatalogImage(served.digest, served)).rejects.toThrow(/64 images/);
  });

  test('steps of the history that are all slashes are passed over in a moment', async () => {
    const history = [{ created_by: `COPY ${'/'.repeat(400_000)}x /configs` }];
    const catalog = await openCatalogImage({ layers: [[['configs/a.json', sound]]], history });
    expect(catalog.packageNames).toEqual(['sound']);
  });
});
