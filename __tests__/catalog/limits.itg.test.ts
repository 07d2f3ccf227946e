import { expect, test } from 'vitest';
import { makeTar, openCatalogImage } from '../support/catalog.ts';
import { rawEntry, rawHeader, tarEnd } from '../support/tar.ts';

test.each([
  [
    'files',
    Array.from({ length: 100_001 }, () => rawHeader({ name: 'configs/a' })),
    '100000 files',
  ],
  ['documents', [rawEntry({ name: 'configs/a/b.json' }, '{}'.repeat(300_001))], '300000 documents'],
])(
  'a catalog of too many %s is refused as a whole, by the limit',
  async (_, parts, limit) => {
    const opening = openCatalogImage({ layers: [Buffer.concat([...parts, tarEnd])] });
    await expect(opening).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining(limit),
    });
  },
  120_000,
);

test('a catalog of patterns that match slowly is refused as a whole', async () => {
  const pattern = `*${'a'.repeat(450)}b\n`;
  const files = Array.from(
    { length: 300 },
    (_, index) => [`configs/${'a'.repeat(900)}${index}.json`, '{}'] as const,
  );
  const layer = await makeTar([['configs/.indexignore', pattern.repeat(20)], ...files]);
  await expect(openCatalogImage({ layers: [layer] })).rejects.toThrow(/100000000 steps/);
}, 60_000);
