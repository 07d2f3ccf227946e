import { describe, expect, it } from 'vitest';
import { judge, prove } from './prove.ts';
import { readSources } from './source.ts';
import { theStartIsSmall } from './start.ts';

describe('the start of a process', () => {
  it('loads neither the demo nor libraries that few runs need', () => {
    expect(theStartIsSmall(readSources('src', /\.ts$/))).toEqual([]);
  });

  it.each([
    ["import * as cache from '@actions/cache';", "const open = () => import('@actions/cache');"],
    ["import { A } from '@actions/artifact';", "import type { A } from '@actions/artifact';"],
    ["export { request } from 'undici';", "export type { Agent } from 'undici';"],
    ["import { runDemo } from '../demo/index.ts';", "await import('../demo/index.ts');"],
    ["import { serve } from '../fake-registry/index.ts';", "type A = import('openpgp').Key;"],
  ])('is slower with %s than with %s', (wrong, right) => {
    const tree = (text: string) => ({
      'src/cli.ts': "import './cli/index.ts';",
      'src/cli/index.ts': "export * from './a.ts';",
      'src/cli/a.ts': text,
      'src/demo/index.ts': "import 'undici';",
    });
    const [first = '', second = ''] = judge(theStartIsSmall, tree(wrong));
    expect(first).toContain('src/cli.ts > src/cli/index.ts > src/cli/a.ts > ');
    expect(second === '' || second.startsWith(first)).toBe(true);
    expect(judge(theStartIsSmall, tree(right))).toEqual([]);
  });

  it('is that of the action too', () => {
    prove(theStartIsSmall, {
      wrong: { 'src/index.ts': "import '@actions/cache';" },
      right: { 'src/index.ts': "import 'yaml';", 'src/run/a.ts': "import 'openpgp';" },
    });
  });
});
