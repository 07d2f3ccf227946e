import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ExampleJob, readExamples } from '../support/examples.ts';
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
  const declared = { devDependencies: { yaml: '1', '@a/b': '1', vitest: '1' } };

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

  it('are all in the bundles: installing the package installs nothing else', () => {
    const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies'];
    expect(kinds.filter((kind) => kind in manifest)).toEqual([]);
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

  it('of the bench load: it imports sources that may move', async () => {
    const lab: unknown = await import(`${root}.github/scripts/bench/lab.mjs`);
    expect(lab).toHaveProperty('createLab');
  });

  it('of workflows, and of those in the documents, use actions at a commit and leave no credentials', () => {
    const examples = readExamples().filter(({ language }) => language === 'yaml');
    const values = examples.map(({ text }) => parse(text));
    const all = [...workflows, ...values.filter(({ jobs }) => jobs)];
    expect(all.length).toBeGreaterThan(workflows.length);
    const uses = [...workflows, ...values].flatMap((value) => textsOf(value, 'uses'));
    expect(uses.filter((text) => !/^\.\/|@[0-9a-f]{40}$/.test(text))).toEqual([]);
    const steps = all
      .flatMap(({ jobs }) => Object.values<ExampleJob>(jobs))
      .flatMap((job) => job.steps);
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('of the release write with one job, which runs no code of the repository', () => {
    const { permissions, jobs } = parse(read('.github/workflows/release.yml'));
    expect(permissions).toEqual({});
    const writers = Object.values<ExampleJob>(jobs).filter(
      (job) => job.permissions?.contents === 'write',
    );
    expect(writers).toHaveLength(1);
    expect(textsOf(writers, 'uses').filter((text) => text.startsWith('actions/checkout@'))).toEqual(
      [],
    );
  });
});
