import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  forgetUnusedCatalogs,
  openCatalog,
  openReferenceNotes,
  readCatalogImage,
} from '../../src/catalog/index.ts';
import { silentLogger } from '../../src/log.ts';
import { hexOf } from '../../src/oci/index.ts';
import { makeCatalogImage, serveCatalog } from '../support/catalog.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const day = 24 * 60 * 60 * 1000;

/** A workspace with one catalog that was just opened. */
async function openOne() {
  const options = { directory: tempDirectory(), log: silentLogger };
  const source = serveCatalog(
    await makeCatalogImage({ layers: [[['configs/a.json', '{"schema":"x"}']]] }),
  );
  await openCatalog(await readCatalogImage(source.digest, source), source, options);
  const path = join(options.directory, hexOf(source.digest));
  const opened = statSync(join(path, 'used')).mtimeMs;
  return { options, source, name: hexOf(source.digest), opened };
}

test('a catalog that nobody opened for a week is forgotten, not earlier', async () => {
  const { options, name, opened } = await openOne();
  await forgetUnusedCatalogs(options, opened + 6 * day);
  expect(readdirSync(options.directory)).toEqual([name]);
  await forgetUnusedCatalogs(options, opened + 8 * day);
  expect(readdirSync(options.directory)).toEqual([]);
});

test('what a tag meant when it was last asked for stays, so that it can be listed without a network', async () => {
  const { options, source, name, opened } = await openOne();
  await openReferenceNotes(options).remember('registry.test/index:v1', source.digest);
  await forgetUnusedCatalogs(options, opened + 400 * day);
  expect(readdirSync(options.directory)).toContain(name);
});

test('what a killed run left half unpacked goes with time, what is not ours never', async () => {
  const { options, name, opened } = await openOne();
  const left = `${name}.4711-1.tmp`;
  mkdirSync(join(options.directory, left));
  mkdirSync(join(options.directory, 'redhat-operator-index'));
  writeFileSync(join(options.directory, 'notes.txt'), '');
  await forgetUnusedCatalogs(options, opened + 8 * day);
  expect(readdirSync(options.directory).sort()).toEqual(['notes.txt', 'redhat-operator-index']);
});

test('a workspace without catalogs is none of its business', async () => {
  const directory = join(tempDirectory(), 'missing');
  const said: string[] = [];
  const log = { log: (_: unknown, text: string) => void said.push(text) };
  await forgetUnusedCatalogs({ directory, log }, day);
  expect(said).toEqual([]);
});
