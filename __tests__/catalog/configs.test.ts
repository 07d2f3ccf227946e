import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visitConfigs } from '../../src/catalog/configs.ts';
import { readCatalogImage } from '../../src/catalog/index.ts';
import {
  type CatalogRecipe,
  makeCatalogImage,
  makeCatalogIndex,
  makeTar,
  serveCatalog,
  type TestCatalog,
  type TestEntry,
} from '../support/catalog.ts';
import { effort } from '../support/effort.ts';

async function look(served: TestCatalog): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const image = await readCatalogImage(served.digest, served);
  const [instance] = image.instances;
  if (!instance) throw new Error('no instance');
  await visitConfigs(instance, served, {
    file(path) {
      const chunks: Uint8Array[] = [];
      return {
        write: async (chunk) => void chunks.push(chunk),
        end: async () => {
          seen[path] = Buffer.concat(chunks).toString();
        },
      };
    },
    link(path, target, kind) {
      seen[path] = `${kind} ${target}`;
    },
    refuse(path, message) {
      seen[path] = `refused: ${message}`;
    },
  });
  return seen;
}

async function filesOf(recipe: CatalogRecipe): Promise<Record<string, string>> {
  return await look(serveCatalog(await makeCatalogImage(recipe)));
}

const blobsAsked = ({ asked }: TestCatalog): readonly string[] =>
  asked.filter((line) => line.startsWith('blob '));

describe('the files of a catalog', () => {
  test.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('are read from a layer in %s, whatever its media type says', async (_, compress) => {
    const layer = compress(await makeTar([['configs/foo/catalog.json', '{}']]));
    expect(await filesOf({ layers: [layer] })).toEqual({ 'foo/catalog.json': '{}' });
  });

  test('lie where the label says', async () => {
    const layers = [
      [
        ['opt/index/a.json', 'a'],
        ['configs/b.json', 'b'],
        ['opt/index-not/c.json', 'c'],
      ] as const,
    ];
    expect(await filesOf({ layers, label: '/opt//index/' })).toEqual({ 'a.json': 'a' });
  });

  test('are those of the first platform that has an image', async () => {
    const platform = (architecture: string) => ({ os: 'linux', architecture });
    const index = await makeCatalogIndex([
      {
        layers: [[['configs/a', 'attested']]],
        platform: { os: 'unknown', architecture: 'unknown' },
      },
      { layers: [[['configs/a', 'first']]], platform: platform('arm64') },
      { layers: [[['configs/a', 'second']]], platform: platform('amd64') },
    ]);
    expect(await look(serveCatalog(index))).toEqual({ a: 'first' });
  });

  test('are what the layers show when one lies over the other', async () => {
    const path = fc.constantFrom(
      'configs/a',
      'configs/b',
      'configs/a/x',
      'configs/a/y',
      'configs/b/x/z',
    );
    const marks = fc.constantFrom(
      ...['.wh.configs', 'configs/.wh.a', 'configs/.wh.b', 'configs/a/.wh.x'],
      ...['configs/.wh..wh..opq', 'configs/a/.wh..wh..opq', '.wh..wh..opq'],
    );
    const anyLayer = fc.record({
      marks: fc.uniqueArray(marks, { maxLength: 2 }),
      files: fc.uniqueArray(path, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyLayer, { minLength: 1, maxLength: 4 }), async (layers) => {
        const possible = layers.map(({ marks: whiteouts, files }) => ({
          marks: whiteouts,
          // No layer has a file below a file.
          files: files.filter((one) => !files.some((other) => one.startsWith(`${other}/`))),
        }));
        const entries = possible.map((layer, index) => [
          ...layer.marks.map((name): TestEntry => [name, '']),
          ...layer.files.map((name): TestEntry => [name, `${name} of ${index}`]),
        ]);
        expect(await filesOf({ layers: entries })).toEqual(applied(possible));
      }),
      { numRuns: effort.runs(300) },
    );
  });

  test('of a layer that has a path twice are as they stand there the second time', async () => {
    const layer = [
      ['configs/a', 'first'],
      ['./configs//a', 'second'],
    ] as const;
    expect(await filesOf({ layers: [layer] })).toEqual({ a: 'second' });
  });

  test('stay in the directory, whatever their names say', async () => {
    const layer: readonly TestEntry[] = [
      ['../../configs/a', 'climbs to the root and no further'],
      ['configs/../../etc/passwd', 'elsewhere'],
      ['/configs/b', 'absolute'],
      ['configs/x/../c', 'detour'],
      ['configs', 'a file of the name'],
      ['other/configs/d', 'deeper'],
      { name: 'configs/device', type: 'character-device' },
    ];
    expect(await filesOf({ layers: [layer] })).toEqual({
      a: 'climbs to the root and no further',
      b: 'absolute',
      c: 'detour',
    });
  });

  test('may be links to each other and to nothing else', async () => {
    const layers: readonly (readonly TestEntry[])[] = [
      [
        ['configs/a', 'text'],
        ['configs/old', 'old'],
        { name: 'configs/hard', type: 'link', linkname: 'configs/a' },
        { name: 'configs/gone', type: 'link', linkname: 'configs/old' },
        { name: 'configs/dir/soft', type: 'symlink', linkname: '../a' },
        { name: 'configs/absolute', type: 'symlink', linkname: '/configs/a' },
        { name: 'configs/out', type: 'symlink', linkname: '../../../etc/passwd' },
        { name: 'configs/hard-out', type: 'link', linkname: 'etc/shadow' },
      ],
      [['configs/old', 'new']],
    ];
    expect(await filesOf({ layers })).toEqual({
      a: 'text',
      old: 'new',
      hard: 'link a',
      gone: 'refused: it is a link to configs/old, which a later layer replaces',
      'dir/soft': 'symlink a',
      absolute: 'symlink a',
      out: "refused: it is a link to ../../../etc/passwd, out of the catalog's directory",
      'hard-out': "refused: it is a link to etc/shadow, out of the catalog's directory",
    });
  });

  test('are refused where the directory itself is a link', async () => {
    const layer = [{ name: 'configs', type: 'symlink', linkname: '/data' }] as const;
    await expect(filesOf({ layers: [layer] })).rejects.toThrow('is a link, to /data');
  });

  test('cost no layer but those that may have them by the history', async () => {
    const base = [['bin/opm', 'x'.repeat(1000)]] as const;
    const served = serveCatalog(
      await makeCatalogImage({
        layers: [
          base,
          [['configs/a', 'a']],
          [['tmp/cache/x', 'x']],
          [['configs/b', 'b']],
          [['configs/c', 'c']],
          [['configs/d', 'd']],
        ],
        history: [
          { created_by: 'ADD rootfs.tar /' },
          { created_by: 'LABEL a=b', empty_layer: true },
          { created_by: '/bin/sh -c #(nop) COPY dir:1 in /configs ' },
          { created_by: 'RUN opm serve --cache-only' },
          { created_by: 'COPY more /configs/more # buildkit' },
          {},
          { created_by: 'COPY overlay/ /' },
        ],
      }),
    );
    expect(await look(served)).toEqual({ a: 'a', b: 'b', c: 'c', d: 'd' });
    // The configuration and four of six layers.
    expect(blobsAsked(served)).toHaveLength(5);
  });

  test('are looked for in all layers where the history names the wrong ones', async () => {
    const layers = [[['configs/a', 'a']] as const, [['else/b', 'b']] as const];
    const history = [{ created_by: 'RUN build' }, { created_by: 'RUN rm /configs/x' }];
    expect(await filesOf({ layers, history })).toEqual({ a: 'a' });
  });

  test('cost no layer below the one that hides the directory', async () => {
    const layers = [
      [['configs/a', 'a']] as const,
      [['.wh.configs', '']] as const,
      [['configs/b', 'b']] as const,
    ];
    const served = serveCatalog(await makeCatalogImage({ layers }));
    expect(await look(served)).toEqual({ b: 'b' });
    expect(blobsAsked(served)).toHaveLength(3);
  });

  test('are none where a layer cannot be unpacked, and the layer is named', async () => {
    const cut = gzipSync(await makeTar([['configs/a', 'a'.repeat(5000)]])).subarray(0, 40);
    const image = await makeCatalogImage({ layers: [[['configs/a', 'a']], cut] });
    const digest = image.manifest.kind === 'image' ? image.manifest.layers[1]?.digest : '';
    await expect(look(serveCatalog(image))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringContaining(`Layer ${digest} cannot be unpacked`),
    });
  });

  test('are none in an image without the label', async () => {
    await expect(filesOf({ layers: [], label: null })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringContaining('is no file-based catalog'),
    });
  });
});

/** The files that are seen of layers, made the slow way: one after the other is laid over what is there. */
function applied(layers: readonly { marks: readonly string[]; files: readonly string[] }[]) {
  let seen = new Map<string, string>();
  const drop = (hides: (path: string) => boolean): void => {
    seen = new Map([...seen].filter(([path]) => !hides(path)));
  };
  layers.forEach(({ marks, files }, index) => {
    for (const mark of marks) {
      const cut = mark.lastIndexOf('/') + 1;
      const parent = mark.slice(0, cut);
      const name = mark.slice(cut).replace('.wh.', '');
      if (name === '.wh..opq') drop((path) => path.startsWith(parent));
      else drop((path) => path === parent + name || path.startsWith(`${parent}${name}/`));
    }
    for (const file of files) {
      drop((path) => path.startsWith(`${file}/`) || file.startsWith(`${path}/`));
      seen.set(file, `${file} of ${index}`);
    }
  });
  return Object.fromEntries([...seen].map(([path, text]) => [path.replace('configs/', ''), text]));
}

test('a full disk is not blamed on the layer', async () => {
  const served = serveCatalog(await makeCatalogImage({ layers: [[['configs/a.json', '{}']]] }));
  const [instance] = (await readCatalogImage(served.digest, served)).instances;
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  const sink = { write: () => Promise.reject(full), end: async () => undefined };
  const visitor = { file: () => sink, link: () => undefined, refuse: () => undefined };
  if (!instance) throw new Error('no instance');
  await expect(visitConfigs(instance, served, visitor)).rejects.toBe(full);
});
