import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  everyFileHasALevel,
  foldersAreEnteredByTheirIndex,
  importsGoDown,
  importsHaveNoCycle,
  levels,
} from './layers.ts';
import { judge, prove } from './prove.ts';
import { readSources, root } from './source.ts';

const sources = readSources('src', /\.ts$/);

describe('the layers', () => {
  it('are the folders of src, neither more nor fewer', () => {
    const folders = readdirSync(`${root}src`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(Object.keys(levels).sort());
    expect(everyFileHasALevel(sources)).toEqual([]);
    prove(everyFileHasALevel, { wrong: { 'src/misc/a.ts': '' }, right: { 'src/oci/a.ts': '' } });
    prove(everyFileHasALevel, { wrong: { 'src/tools.ts': '' }, right: { 'src/log.ts': '' } });
  });

  it('import only from lower ones', () => {
    expect(importsGoDown(sources)).toEqual([]);
    const importer = (path: string, specifier: string) => ({
      [path]: `import { a } from '${specifier}';`,
    });
    const right = importer('src/plan/a.ts', '../oci/index.ts');
    for (const wrong of [
      importer('src/oci/a.ts', '../registry/index.ts'),
      importer('src/cli/a.ts', '../github/index.ts'),
      importer('src/run/a.ts', '../main.ts'),
      importer('src/errors.ts', './oci/index.ts'),
      importer('src/main.ts', './index.ts'),
      { 'src/oci/a.ts': "export type { A } from '../plan/index.ts';" },
      { 'src/oci/a.ts': "type A = typeof import('../plan/index.ts');" },
      { 'src/oci/a.ts': "const a = await import('../plan/index.ts');" },
    ]) {
      prove(importsGoDown, { wrong, right });
    }
  });

  it('are entered by their index', () => {
    expect(foldersAreEnteredByTheirIndex(sources)).toEqual([]);
    const tree = { 'src/oci/index.ts': '', 'src/oci/digest.ts': '' };
    prove(foldersAreEnteredByTheirIndex, {
      wrong: { ...tree, 'src/plan/a.ts': "import { a } from '../oci/digest.ts';" },
      right: { ...tree, 'src/plan/a.ts': "import { a } from '../oci/index.ts';" },
    });
    const nested = { 'src/plan/render/index.ts': '', 'src/plan/render/page.ts': '' };
    prove(foldersAreEnteredByTheirIndex, {
      wrong: { ...nested, 'src/plan/a.ts': "import { a } from './render/page.ts';" },
      right: { ...nested, 'src/plan/render/b.ts': "import { a } from './page.ts';" },
    });
  });

  it('have no circle of files', () => {
    expect(importsHaveNoCycle(sources)).toEqual([]);
    const from = (specifier: string) => `import type { A } from '${specifier}';`;
    const circle = { 'src/oci/a.ts': from('./b.ts'), 'src/oci/b.ts': from('./a.ts') };
    expect(judge(importsHaveNoCycle, circle)).toEqual(['oci/a.ts > oci/b.ts > oci/a.ts']);
    prove(importsHaveNoCycle, {
      wrong: { ...circle, 'src/oci/c.ts': from('./a.ts') },
      right: { 'src/oci/a.ts': from('./b.ts'), 'src/oci/b.ts': '' },
    });
  });
});

describe('the table of changes in CONTRIBUTING', () => {
  const text = readFileSync(`${root}.github/CONTRIBUTING.md`, 'utf8');
  const places = [...text.matchAll(/`((?:src|__tests__)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );

  it('names places that are there', () => {
    expect(places.length).toBeGreaterThan(20);
    expect(places.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });
});
