import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dependenciesAreImported, hasUnquotedGlob, importsAreDeclared } from './packages.ts';
import { prove } from './prove.ts';
import { readSources, root } from './source.ts';

const sources = [
  ...readSources('src', /\.ts$/),
  ...readSources('__tests__', /\.ts$/),
  ...readSources('.github/scripts', /\.mjs$/),
  ...readSources('.ci', /\.mjs$/),
];

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const manifest = JSON.parse(read('package.json'));

/** Gives all texts below a key, however deep: the `run` of a step, in a workflow or an action. */
function textsOf(value: unknown, key: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === 'string' ? [inner] : textsOf(inner, key),
  );
}

describe('the packages', () => {
  const declared = { dependencies: { yaml: '1', '@a/b': '1' }, devDependencies: { vitest: '1' } };

  it('that something imports are declared', () => {
    expect(importsAreDeclared(manifest)(sources)).toEqual([]);
    const right = {
      'src/a.ts': "import 'node:fs'; import 'yaml'; import '@a/b/c.js'; import './vitest.ts';",
      '__tests__/a.ts': "import 'vitest'; import 'yaml';",
    };
    for (const wrong of [
      { 'src/a.ts': "import 'vitest';" },
      { 'src/a.ts': "await import('left-pad/index.js');" },
      { 'src/a.ts': "import type { C } from '@a/c';" },
      { '__tests__/a.ts': "import 'left-pad';" },
    ]) {
      prove(importsAreDeclared(declared), { wrong, right });
    }
  });

  it('that are bundled are used', () => {
    expect(dependenciesAreImported(manifest)(sources)).toEqual([]);
    prove(dependenciesAreImported(declared), {
      wrong: { 'src/a.ts': "import 'yaml';", '__tests__/a.ts': "import '@a/b';" },
      right: { 'src/a.ts': "import 'yaml'; import '@a/b';" },
    });
  });
});

describe('the commands', () => {
  const workflows = readdirSync(`${root}.github/workflows`).map((name) =>
    parse(read(`.github/workflows/${name}`)),
  );

  it('leave finding files to the tools', () => {
    const scripts: readonly string[] = Object.values(manifest.scripts);
    const steps = [...workflows, parse(read('action.yml'))].flatMap((one) => textsOf(one, 'run'));
    expect(steps.length).toBeGreaterThan(1);
    expect([...scripts, ...steps].filter(hasUnquotedGlob)).toEqual([]);
    expect(hasUnquotedGlob('prettier --check src/**/*.ts')).toBe(true);
    expect(hasUnquotedGlob("vitest 'a' --exclude **/b.ts 'c'")).toBe(true);
    expect(hasUnquotedGlob("vitest --exclude '**/*.itg.test.ts'")).toBe(false);
  });

  it('of workflows use actions at a commit', () => {
    const uses = workflows.flatMap((workflow) => textsOf(workflow, 'uses'));
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((text) => !/^\.\/|@[0-9a-f]{40}$/.test(text))).toEqual([]);
  });
});
