import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic.ts';
import { lint } from '../../src/run/index.ts';
import { createWorld, imageSetText } from './world.ts';

const samples = `${imageSetText}  samples: [{ name: x }]\n`;
const jobs = { lint };

function worldThatFinds(...diagnostics: readonly Diagnostic[]) {
  return createWorld({ jobs: { lint: async () => ({ diagnostics, isRefused: false }) } });
}

describe('lint', () => {
  it('prints findings as compilers do, what mends them set in below, and nothing else', async () => {
    using world = createWorld({ jobs });
    const [good, bad] = [
      world.write('good.yaml', samples),
      world.write('bad.yaml', `${imageSetText}  foo: 1\n`),
    ];
    const { out, err } = await world.run('lint', good, bad);
    expect(err).toBe('');
    const lines = out.replaceAll(`${world.directory}/`, '').trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('    '))).toEqual([
      expect.stringMatching(/^bad\.yaml:6:3: error: .*"foo"/),
      expect.stringMatching(/^good\.yaml:6:\d+: (warning|notice|error): /),
    ]);
  });

  it('keeps a finding on one line and its YAML in its lines, whatever a catalog says', async () => {
    using world = worldThatFinds({
      ...{ severity: 'warning', code: 'x', summary: 'Old.' },
      detail: 'Bundle "a" is deprecated: use\n  b\u001b[2J instead\n',
      fix: 'channels:\n  - name: b\u202e\n',
      at: { file: 'isc.yaml', line: 3, column: 5 },
    });
    expect((await world.run('lint', world.write('a.yaml', ''))).out).toBe(
      [
        'isc.yaml:3:5: warning: Old. Bundle "a" is deprecated: use b\\u{1b}[2J instead',
        '    channels:',
        '      - name: b\\u{202e}',
        '',
      ].join('\n'),
    );
  });

  it('looks into the workspace that other commands use', async () => {
    using world = worldThatFinds();
    const file = world.write('a.yaml', imageSetText);
    await world.run('lint', file);
    await world.run('lint', '--workspace', 'file:///ws', file);
    const workspaces = world.calls.map(({ words }) => words[0]);
    expect(workspaces).toEqual([
      expect.objectContaining({ workspace: 'working-dir' }),
      expect.objectContaining({ workspace: '/ws/working-dir' }),
    ]);
  });

  it('fails only where oc-mirror would refuse a file', async () => {
    using world = createWorld({ jobs });
    expect((await world.run('lint', world.write('a.yaml', samples))).code).toBe(0);
    expect((await world.run('lint', world.write('b.yaml', 'kind: Pod\n'))).code).toBe(1);
  });

  it('reads a file by the kind that it says it is of', async () => {
    using world = createWorld({ jobs });
    const disc = imageSetText.replace('kind: ', 'kind: Delete').replace('mirror:\n', 'delete:\n');
    expect(await world.run('lint', world.write('d.yaml', disc))).toMatchObject({
      code: 0,
      out: '',
    });
  });

  it('needs a file that can be read', async () => {
    using world = createWorld({ jobs });
    expect((await world.run('lint')).err).toContain('name the files to check');
    expect((await world.run('lint', '/none.yaml')).err).toContain('open /none.yaml: no such file');
    const wrong = await world.run('lint', '--workspace', '/ws', 'a.yaml');
    expect(wrong.err).toContain('it must have file:// prefix');
  });
});
