import { expect, test } from 'vitest';
import { openCatalog, readCatalogImage } from '../../src/catalog/index.ts';
import { silentLogger } from '../../src/log.ts';
import { makeCatalogImage, serveCatalog } from '../support/catalog.ts';
import { generateCatalog } from '../support/generate-catalog.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const shape = {
  packages: 5,
  bundles: 3,
  bundleBytes: 6000,
  imageOf: (need: { package: string; role: string }) =>
    `registry.test/${need.package}/${need.role}:1`,
};

test('a made-up catalog reads as one of that shape', async () => {
  const files = [...generateCatalog(shape)];
  const layer = files.map(([path, text]) => [`configs/${path}`, text] as const);
  const source = serveCatalog(await makeCatalogImage({ layers: [layer] }));
  const image = await readCatalogImage(source.digest, source);
  const options = { directory: tempDirectory(), log: silentLogger };
  const catalog = await openCatalog(image, source, options);
  expect(catalog.packageNames).toHaveLength(5);
  expect((await catalog.read('operator-0004'))?.blobs).toHaveLength(5);
});

test('a made-up catalog is as large as asked for, and always the same', () => {
  const textOf = () => [...generateCatalog(shape)].map(([, text]) => text).join('');
  const ratio = textOf().length / (shape.packages * shape.bundles * shape.bundleBytes);
  expect(ratio).toBeGreaterThan(0.95);
  expect(ratio).toBeLessThan(1.3);
  expect(textOf()).toBe(textOf());
});
