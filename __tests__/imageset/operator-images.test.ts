import { expect, test } from 'vitest';
import { operatorImages } from '../../src/imageset/collectors/operator-placements.ts';
import { mappingLines } from '../../src/imageset/mapping.ts';

type Chosen = Parameters<typeof operatorImages>[0];

/** A catalog of which one bundle with one image is kept. */
function chosenWith(image: string): Chosen {
  const images = [{ name: '', image, type: 'operatorRelatedImage' }];
  return {
    entry: { imageSet: { name: 'x', mirror: {}, locate: () => undefined }, index: 0, catalog: {} },
    filtered: { packages: [{ path: [], bundles: [{ images }] }] },
  } as unknown as Chosen;
}

test.each([
  ['r.test/a/b:1', 'docker://r.test/a/b:1', 'a/b:1'],
  ['docker://r.test/a/b:1', 'docker://r.test/a/b:1', 'a/b:1'],
  // No registry serves it; the mapping says what the catalog says.
  ['http://r.test/a/b:1', 'http://r.test/a/b:1', 'r.test/a/b:1:'],
])('An operator image %s is mapped from %s', (image, source, place) => {
  const [placement] = operatorImages(chosenWith(image), 'ns');
  const route = { registry: 't.test', cache: 'c.test' };
  const destination = `docker://t.test/ns/${place}`;
  expect(placement && mappingLines(placement, route)).toEqual([{ source, destination }]);
  const loaded = placement && mappingLines(placement, { ...route, loadedBelow: 'ns' });
  expect(loaded).toEqual([{ source: `docker://c.test/${place}`, destination }]);
});
