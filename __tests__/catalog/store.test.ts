import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  openCatalog,
  openStoredCatalog,
  readCatalogImage,
  type StoredCatalog,
} from '../../src/catalog/index.ts';
import { readSealed, writeSealed } from '../../src/catalog/sealed.ts';
import { silentLogger } from '../../src/log.ts';
import {
  makeCatalogImage,
  serveCatalog,
  type TestCatalog,
  type TestEntry,
} from '../support/catalog.ts';
import { tempDirectory } from '../support/temp-directory.ts';

async function serve(...entries: readonly TestEntry[]): Promise<TestCatalog> {
  return serveCatalog(await makeCatalogImage({ layers: [entries] }));
}

async function openAt(directory: string, served: TestCatalog): Promise<StoredCatalog> {
  const image = await readCatalogImage(served.digest, served);
  return await openCatalog(image, served, { directory, log: silentLogger });
}

async function open(...entries: readonly TestEntry[]): Promise<StoredCatalog> {
  return await openAt(tempDirectory(), await serve(...entries));
}

async function namesIn(catalog: StoredCatalog, name: string): Promise<unknown> {
  return (await catalog.read(name))?.blobs.map((blob) => blob.name);
}

const json = (...documents: readonly unknown[]): string =>
  documents.map((document) => JSON.stringify(document)).join('');
const pkg = (name: string) => ({ schema: 'olm.package', name });
const bundle = (owner: string, name: string) => ({ schema: 'olm.bundle', package: owner, name });

describe('a stored catalog', () => {
  test('gives what each package has, in the order of its files', async () => {
    const catalog = await open(
      ['configs/b/z.yaml', 'schema: olm.bundle\npackage: foo\nname: "3"\n---\n'],
      ['configs/b.json', json(bundle('foo', '4'), { schema: 'other', name: 'loose' })],
      ['configs/a/catalog.json', json(pkg('foo'), bundle('foo', '1'), bundle('bar', 'x'))],
      ['configs/b/a.json', json(bundle('foo', '2'))],
    );
    expect(catalog.packageNames).toEqual(['bar', 'foo', '']);
    expect(await namesIn(catalog, 'foo')).toEqual(['foo', '1', '2', '3', '4']);
    expect(await namesIn(catalog, 'bar')).toEqual(['x']);
    expect(await namesIn(catalog, '')).toEqual(['loose']);
    expect(await catalog.read('nowhere')).toBeUndefined();
  });

  test('leaves out what .indexignore names, wherever in the layers the file is', async () => {
    const image = await makeCatalogImage({
      layers: [
        [['configs/.indexignore', '*.md\n/hidden']],
        [
          ['configs/foo/catalog.json', json(pkg('foo'))],
          ['configs/foo/README.md', '# no [catalog: here'],
          ['configs/hidden/catalog.json', json(pkg('hidden'))],
        ],
      ],
    });
    const catalog = await openAt(tempDirectory(), serveCatalog(image));
    expect(catalog.packageNames).toEqual(['foo']);
  });

  test('has the texts of its documents as the source has them', async () => {
    const text = '{\n  "schema": "olm.package", "name": "foo", "size": 1.50\n}';
    const catalog = await open(['configs/foo/catalog.json', `${text}\n`]);
    expect((await catalog.read('foo'))?.blobs[0]?.text).toBe(text);
  });

  test('reads a document of ten million bytes', async () => {
    const large = { ...bundle('foo', 'large'), data: 'x"\\{'.repeat(2_500_000) };
    const catalog = await open(['configs/foo/catalog.json', json(pkg('foo'), large)]);
    expect((await catalog.read('foo'))?.blobs[1]?.value).toEqual(large);
  });

  test('follows links, but not in a circle', async () => {
    const catalog = await open(
      ['configs/foo/catalog.json', json(pkg('foo'))],
      { name: 'configs/foo/more.json', type: 'symlink', linkname: 'hard.json' },
      { name: 'configs/foo/hard.json', type: 'link', linkname: 'configs/bar/catalog.json' },
      ['configs/bar/catalog.json', json(pkg('bar'))],
      { name: 'configs/loop/a', type: 'symlink', linkname: 'b' },
      { name: 'configs/loop/b', type: 'symlink', linkname: 'a' },
    );
    expect(await namesIn(catalog, 'bar')).toEqual(['bar', 'bar', 'bar']);
    await expect(catalog.read('loop')).rejects.toThrow('loop/a: it is a link in a circle');
  });

  test('keeps under a hard link what the link was made of', async () => {
    const catalog = await open(
      ['configs/a.json', json(pkg('old'))],
      { name: 'configs/hard.json', type: 'link', linkname: 'configs/a.json' },
      { name: 'configs/soft.json', type: 'symlink', linkname: 'a.json' },
      ['configs/a.json', json(pkg('new'))],
    );
    expect(await namesIn(catalog, 'old')).toEqual(['old']);
    expect(await namesIn(catalog, 'new')).toEqual(['new', 'new']);
  });

  test('keeps package names that are no names of files out of the file system', async () => {
    const directory = tempDirectory();
    const names = ['../../evil', '/abs', '__proto__', 'a\u0000b', '.'];
    const served = await serve(['configs/x.json', json(...names.map(pkg))]);
    const catalog = await openAt(directory, served);
    for (const name of names) expect(await namesIn(catalog, name)).toEqual([name]);
    expect(readdirSync(directory)).toEqual([served.digest.slice(7)]);
    expect(readdirSync(catalog.directory).sort()).toEqual(['blobs', 'index.json', 'used']);
  });
});

describe('a broken document', () => {
  const good = ['configs/good/catalog.json', json(pkg('good'))] as const;

  test.each([
    ['cut off', 'bad/catalog.json', `${json(pkg('bad'))}{"schema":"olm.bundle"`],
    ['with a syntax error', 'bad/catalog.json', '{"schema":"olm.package",,"name":"bad"}'],
    ['in YAML', 'bad/catalog.yaml', 'schema: olm.package\nname: bad\nicon: [\n'],
    ['in YAML, before it names itself', 'bad/catalog.yaml', 'schema: olm.package\n\tname: bad\n'],
    ['without a schema', 'bad/catalog.json', `${json(pkg('bad'))}{"name":"x"}`],
    ['that is no object', 'bad/catalog.json', '[]'],
    ['that is no document', 'bad/README.md', '# Read\nme: [now'],
    ['in a file of many', 'index.json', `${json(pkg('good'))}{"package":"bad",}`],
  ])('%s spoils its own package, by name and file, and no other', async (_, file, text) => {
    const catalog = await open(good, [`configs/${file}`, text]);
    expect(catalog.packageNames).toContain('bad');
    expect(await namesIn(catalog, 'good')).toContain('good');
    await expect(catalog.read('bad')).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(new RegExp(`"bad".*${file}`)),
    });
  });

  test('says on one line where in the document it is wrong', async () => {
    const text = 'schema: olm.channel\npackage: bad\nname: a\nentries: [\n';
    const catalog = await open(['configs/bad/catalog.yaml', `---\n${text}`]);
    await expect(catalog.read('bad')).rejects.toThrow(/ at line 5, column 1 of the document$/);
  });

  test('and a link instead of a directory spoil the package of that name', async () => {
    const link = { name: 'configs/bad', type: 'symlink', linkname: '/elsewhere' } as const;
    const catalog = await open(good, link);
    expect(catalog.packageNames).toEqual(['bad', 'good']);
    expect(await namesIn(catalog, 'good')).toEqual(['good']);
    await expect(catalog.read('bad')).rejects.toThrow('"bad" of the catalog cannot be read: bad:');
  });

  test('that says nothing of a package spoils what is not known', async () => {
    const catalog = await open(['configs/index.json', `${json(pkg('a'), pkg('b'))}{"x":}`]);
    expect(catalog.packageNames).toEqual(['a', 'b', '']);
    expect(await namesIn(catalog, 'a')).toEqual(['a']);
    await expect(catalog.read('')).rejects.toThrow('The catalog cannot be read: index.json');
    await expect(catalog.read('lost')).rejects.toThrow('index.json');
  });

  test('does not make a catalog of nothing else look empty', async () => {
    const catalog = await open(['configs/index.yaml', 'a: [\n']);
    expect(catalog.packageNames).toEqual(['']);
    await expect(catalog.read('')).rejects.toThrow('index.yaml: document 1:');
  });
});

describe('the store of a catalog', () => {
  async function twice() {
    const directory = tempDirectory();
    const served = await serve(['configs/foo.json', json(pkg('foo'), bundle('foo', '1'))]);
    const first = await openAt(directory, served);
    served.asked.length = 0;
    const again = async () => await namesIn(await openAt(directory, served), 'foo');
    return { directory: first.directory, first, served, again };
  }

  test('needs no network the second time', async () => {
    const { served, again } = await twice();
    expect(await again()).toEqual(['foo', '1']);
    expect(served.asked).toEqual([]);
  });

  test.each([
    ['its index is missing', (at: string) => rmSync(join(at, 'index.json'))],
    ['its index is cut off', (at: string) => truncateSync(join(at, 'index.json'), 90)],
    [
      'it is of another layout',
      async (at: string) => {
        const index = await readSealed(join(at, 'index.json'));
        await writeSealed(join(at, 'index.json'), { ...(index as object), format: 0 });
      },
    ],
    ['its blobs are missing', (at: string) => rmSync(join(at, 'blobs'))],
    ['its blobs are cut off', (at: string) => truncateSync(join(at, 'blobs'), 40)],
    [
      'its blobs are changed',
      (at: string) => {
        const path = join(at, 'blobs');
        writeFileSync(path, readFileSync(path, 'utf8').replace('"1"', '"2"'));
      },
    ],
  ])('is built again when %s', async (_, damage) => {
    const { directory, served, again } = await twice();
    await damage(directory);
    expect(await again()).toEqual(['foo', '1']);
    expect(served.asked).toHaveLength(1);
    served.asked.length = 0;
    expect(await again()).toEqual(['foo', '1']);
    expect(served.asked).toEqual([]);
  });

  test('is not there when the layer turns out to be another one', async () => {
    const directory = tempDirectory();
    const served = await serve(['configs/foo.json', json(pkg('foo'))]);
    const image = await readCatalogImage(served.digest, served);
    const failing = {
      ...served,
      repository: {
        ...served.repository,
        blobs: {
          ...served.repository.blobs,
          fetch: async (...wanted: Parameters<typeof served.repository.blobs.fetch>) =>
            failAtTheEnd(await served.repository.blobs.fetch(...wanted)),
        },
      },
    };
    const options = { directory, log: silentLogger };
    await expect(openCatalog(image, failing, options)).rejects.toThrow('wrong digest');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('keeps results, and forgets those that are not whole', async () => {
    const { directory, first } = await twice();
    expect(await first.recall('abc')).toBeUndefined();
    await first.remember('abc', { kept: [1] });
    expect(await first.recall('abc')).toEqual({ kept: [1] });
    truncateSync(join(directory, 'filtered', 'abc.json'), 70);
    expect(await first.recall('abc')).toBeUndefined();
    await expect(first.recall('../index')).rejects.toThrow('no key');
  });

  test('says what to do when the workspace cannot be written', async () => {
    const directory = tempDirectory({ file: '' });
    const served = await serve(['configs/foo.json', json(pkg('foo'))]);
    await expect(openAt(join(directory, 'file'), served)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      hint: expect.stringContaining('writable'),
    });
  });
});

async function* failAtTheEnd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes;
  throw new Error('wrong digest');
}

describe('a catalog that lies in the workspace', () => {
  const foo = ['configs/foo/catalog.json', json(pkg('foo'), bundle('foo', '1'))] as const;

  test('can be opened without its image', async () => {
    const directory = tempDirectory();
    const served = await serve(foo);
    const options = { directory, log: silentLogger };
    expect(await openStoredCatalog(served.digest, options)).toBeUndefined();
    const opened = await openAt(directory, served);
    await opened.remember('key', 7);
    const stored = await openStoredCatalog(served.digest, options);
    expect(stored?.packageNames).toEqual(['foo']);
    expect(stored && (await namesIn(stored, 'foo'))).toEqual(['foo', '1']);
    expect(await stored?.recall('key')).toBe(7);
  });

  test('is not there when its index is damaged, and says so while it is read when its blobs are', async () => {
    const directory = tempDirectory();
    const served = await serve(foo);
    const { directory: own } = await openAt(directory, served);
    const options = { directory, log: silentLogger };
    truncateSync(join(own, 'blobs'), 3);
    const stored = await openStoredCatalog(served.digest, options);
    await expect(stored?.read('foo')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    truncateSync(join(own, 'index.json'), 3);
    expect(await openStoredCatalog(served.digest, options)).toBeUndefined();
  });
});
