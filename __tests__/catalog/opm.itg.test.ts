import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CatalogWish, filterCatalog, renderCatalog } from '../../src/catalog/index.ts';
import { parseImageSpec } from '../../src/imageset/index.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { bundlesOf, chainOf, readerOf, type ShortPackage } from './filter/catalogs.ts';
import { randomWishes } from './filter/random-catalogs.ts';

const execute = promisify(execFile);
const hasOpm = spawnSync('opm', ['version'], { stdio: 'ignore' }).status === 0;
if (!hasOpm) process.stdout.write('opm is not on PATH: no rebuilt catalog is shown to it.\n');

const versions = ['0.9.0', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.1.0+5', '1.2.0', '2.0.0'];

/** Bundles of some versions: each replaces the one before, or skips it and replaces the one before that. */
const entriesOf = fc
  .tuple(fc.subarray(versions, { minLength: 1 }), fc.array(fc.boolean(), { minLength: 7 }))
  .map(([chosen, skips]) =>
    chainOf('b', chosen).map((step, index, all) => {
      const [before, skipped] = [all[index - 2], all[index - 1]];
      // A skipped bundle must not lie on the way of others, which opm calls stranded.
      if (!skips[index] || index % 2 === 1 || !before || !skipped) return step;
      return { name: step.name, replaces: before.name, skips: [skipped.name] };
    }),
  );

/** A package in which opm finds no fault. */
function soundPackage(name: string): fc.Arbitrary<ShortPackage> {
  return fc
    .record({ alpha: entriesOf, beta: entriesOf, stable: entriesOf }, { requiredKeys: ['alpha'] })
    .map((made) => {
      const channels = Object.entries(made).map(([own, entries]) => ({ name: own, entries }));
      const used = new Set(channels.flatMap(({ entries }) => entries.map((one) => one.name)));
      return {
        name,
        defaultChannel: 'stable' in made ? 'stable' : 'alpha',
        channels,
        bundles: bundlesOf('b', versions).filter((bundle) => used.has(bundle.name)),
      };
    });
}

/** Writes what is kept of a catalog as its rebuilt image has it; `undefined` when nothing is rebuilt. */
async function writeRebuilt(
  packages: readonly ShortPackage[],
  wish: CatalogWish,
): Promise<string | undefined> {
  const reader = readerOf(packages);
  const filtered = await filterCatalog(reader, wish, parseImageSpec);
  if (filtered.errors.length > 0 || filtered.isWhole) return undefined;
  const directory = tempDirectory();
  for await (const { name, texts } of renderCatalog(reader, filtered)) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'catalog.json'), texts.join('\n'));
  }
  return directory;
}

describe.skipIf(!hasOpm)('opm', { timeout: 120_000 }, () => {
  it('takes whatever is rebuilt of a sound catalog', async () => {
    let shown = 0;
    const catalogs = fc.tuple(soundPackage('one'), soundPackage('two'));
    await fc.assert(
      fc.asyncProperty(catalogs, randomWishes, async (packages, wish) => {
        const directory = await writeRebuilt(packages, wish);
        if (directory === undefined) return;
        shown += 1;
        await execute('opm', ['validate', directory]);
      }),
      { numRuns: 80 },
    );
    expect(shown).toBeGreaterThan(10);
  });

  it('serves a rebuilt catalog', async () => {
    const [name, kept] = ['bar', ['0.1.0', '0.2.0', '1.0.0']];
    const channels = [{ name: 'stable', entries: chainOf(name, kept) }];
    const owner = { name, defaultChannel: 'stable', channels, bundles: bundlesOf(name, kept) };
    const wish = { catalog: 'r.test/i:v1', packages: [{ name, minVersion: '0.2.0' }] };
    const directory = await writeRebuilt([owner], wish);
    const words = ['--cache-dir', tempDirectory(), '--cache-only', '--termination-log', ''];
    const served = execute('opm', ['serve', directory ?? '', ...words]);
    await expect(served).resolves.toBeDefined();
  });
});
