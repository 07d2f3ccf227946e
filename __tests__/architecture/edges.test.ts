import { describe, expect, it } from 'vitest';
import { edges, reachingOutHasOneOwner, theWorldComesInAtTheEdges } from './edges.ts';
import { judge, prove } from './prove.ts';
import { readSources } from './source.ts';

const sources = readSources('src', /\.ts$/);

describe('the edges of the code', () => {
  it.each([
    ['undici', 'mirror', 'registry'],
    ['node:tls', 'run', 'registry'],
    ['node:http', 'registry', 'fake-registry'],
    ['node:https', 'github', 'fake-upstream'],
    ['@actions/core', 'run', 'github'],
    ['@actions/cache/lib/x.js', 'cli', 'github'],
  ])('are where %s is imported: not in %s, but in %s', (specifier, wrong, right) => {
    const importer = (folder: string) => ({ [`src/${folder}/a.ts`]: `import '${specifier}';` });
    prove(reachingOutHasOneOwner, { wrong: importer(wrong), right: importer(right) });
  });

  it('are crossed by their owners alone', () => {
    expect(reachingOutHasOneOwner(sources)).toEqual([]);
  });

  it.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Date();',
    'const a = Math.random;',
    'setTimeout(() => {}, 1);',
    'const a = { setTimeout };',
    'const { env } = process; const a = process.env;',
    'const a = performance.now();',
    'const a = crypto.randomUUID();',
    "const a = await fetch('https://example.com/');",
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "import { randomBytes } from 'node:crypto';",
    'process.exitCode = 1;',
  ])('let in time, chance, environment and network: %s', (text) => {
    prove(theWorldComesInAtTheEdges, {
      wrong: { 'src/plan/a.ts': text },
      right: { 'src/main.ts': text },
    });
  });

  it('leave names alone that only look worldly', () => {
    const innocent = [
      'export const a = (fetch: () => void) => fetch();',
      'export const b = (manifests: { fetch(): void }) => manifests.fetch();',
      'export const c = (ms: number) => new Date(ms);',
      "import { createHash } from 'node:crypto';",
    ];
    expect(judge(theWorldComesInAtTheEdges, { 'src/plan/a.ts': innocent.join('\n') })).toEqual([]);
  });

  it('are the only places where the world comes in', () => {
    expect(theWorldComesInAtTheEdges(sources)).toEqual([]);
    const paths = new Set(sources.map(({ path }) => path));
    expect(Object.keys(edges).filter((path) => !paths.has(path))).toEqual([]);
  });
});
