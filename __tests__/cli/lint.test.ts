import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic.ts';
import { lint } from '../../src/run/index.ts';
import { createWorld, imageSetText } from './world.ts';

const samples = `${imageSetText}  samples: [{ name: x }]\n`;
const jobs = { lint };

function worldThatFinds(...diagnostics: readonly Diagnostic[]) {
  return createWorld({ jobs: { lint: async () => [...diagnostics] } });
}

describe('lint', () => {
  it('prints findings as compilers do, what mends them set in below, and how many --fix mends', async () => {
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
      'lint --fix mends one place.',
    ]);
    expect(world.read('good.yaml')).toBe(samples);
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

  it('fails where it prints an error, whether oc-mirror sees it or not', async () => {
    using world = createWorld({ jobs });
    const late = imageSetText.replace('b:1', 'b');
    expect((await world.run('lint', world.write('a.yaml', samples))).code).toBe(0);
    expect((await world.run('lint', world.write('b.yaml', 'kind: Pod\n'))).code).toBe(1);
    const { code, out } = await world.run('lint', world.write('c.yaml', late));
    expect(out).toContain(': error: ');
    expect(code).toBe(1);
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

const v1 = imageSetText
  .replace('v2alpha1', 'v1alpha2')
  .replace('mirror:\n', 'storageConfig: # old\n  local: {path: x}\nmirror: # wishes\n');

describe('lint --fix', () => {
  it('mends the file in place and tells each mend with its line', async () => {
    using world = createWorld({ jobs });
    const file = world.write('isc.yaml', v1);
    chmodSync(file, 0o640);
    const { code, out } = await world.run('lint', '--fix', file);
    expect(out.replaceAll(`${world.directory}/`, '').split('\n')).toEqual([
      expect.stringMatching(/^isc\.yaml:1: fixed: apiVersion is now .*v2alpha1/),
      expect.stringMatching(/^isc\.yaml:3: fixed: "storageConfig" is deleted: .*\.$/),
      '',
    ]);
    expect(code).toBe(0);
    expect(world.read('isc.yaml')).toBe(imageSetText.replace('mirror:', 'mirror: # wishes'));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(world.list('.')).toEqual(['isc.yaml']);
  });

  it('does not write a file in which there is nothing to mend', async () => {
    using world = createWorld({ jobs });
    const file = world.write('isc.yaml', imageSetText);
    const before = statSync(file);
    expect(await world.run('lint', '--fix', file)).toEqual({ code: 0, out: '', err: '' });
    expect(statSync(file).ino).toBe(before.ino);
  });

  it('says what a person has to mend, at the lines of the mended file', async () => {
    using world = createWorld({ jobs });
    const { code, out } = await world.run(
      'lint',
      '--fix',
      world.write('a.yaml', `${v1}  foo: 1\n`),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/a\.yaml:6:3: error: .*"foo"/);
    expect(out).toContain('1 error needs a person');
  });

  it('leaves a template as it is, and mends the other files', async () => {
    using world = createWorld({ jobs });
    const template = v1.replace('b:1', '{{ tag }}');
    const files = [world.write('t.yaml', template), world.write('a.yaml', v1)];
    const { code, out } = await world.run('lint', '--fix', ...files);
    expect(code).toBe(1);
    expect(out).toMatch(
      /t\.yaml:7:\d+: error: The file is left as it is\. It is a template\. "\{\{ tag \}\}" is a placeholder/,
    );
    expect(world.read('t.yaml')).toBe(template);
    expect(world.read('a.yaml')).not.toContain('storageConfig');
  });

  it('follows a link inside its directory, and none that leads out of it', async () => {
    using world = createWorld({ jobs });
    mkdirSync(join(world.directory, 'repository/sub'), { recursive: true });
    world.write('repository/sub/in.yaml', v1);
    world.write('out.yaml', v1);
    const links = ['sub/in.yaml', '../out.yaml'].map((target, index) => {
      const path = join(world.directory, 'repository', `link-${index}.yaml`);
      symlinkSync(target, path);
      return path;
    });
    const { code, out } = await world.run('lint', '--fix', ...links);
    expect(code).toBe(1);
    expect(out).toMatch(
      /link-1\.yaml:1:1: error: .*is a link that leads out of .*Name the file itself/,
    );
    expect(world.read('repository/sub/in.yaml')).not.toContain('storageConfig');
    expect(world.read('out.yaml')).toBe(v1);
  });

  it('does not touch a file that is not UTF-8', async () => {
    using world = createWorld({ jobs });
    const file = world.write('a.yaml', '');
    const bytes = Buffer.from(`# caf\u00e9\n${v1}`, 'latin1');
    writeFileSync(file, bytes);
    const { code, out } = await world.run('lint', '--fix', file);
    expect(code).toBe(1);
    expect(out).toContain('is not UTF-8');
    expect(readFileSync(file)).toEqual(bytes);
  });
});
