import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createWorld } from './world.ts';

const leaves = [
  ...['plan', 'apply', 'delete', 'lint', 'verify', 'restore', 'demo', 'version', 'completion'],
  ...['history', 'probe'],
  ...['list operators', 'list releases', 'help', 'state list', 'state retire'],
];

async function ask(...argv: string[]) {
  using world = createWorld();
  return world.run(...argv);
}

/** Gives the flags that a usage text lists. */
function flagsIn(text: string): string[] {
  return [...text.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(([, name = '']) => name);
}

describe('the usage text', () => {
  it.each(leaves)(
    'of %s says what it does, shows an example and can be asked for by name',
    async (name) => {
      const { code, out, err } = await ask('help', ...name.split(' '));
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^[A-Z][\s\S]*?\.\n\nUsage:\n {2}imageset-mirror /);
      expect(out).toMatch(new RegExp(`^Examples:\n  imageset-mirror ${name}`, 'm'));
      expect(
        out
          .split('\n\nUsage:')[0]
          ?.split('\n')
          .every((line) => line.length <= 80),
      ).toBe(true);
      if (name !== 'help') expect((await ask(...name.split(' '), '--help')).out).toBe(out);
    },
  );

  it('lists the flags that have an effect on the command, and no others', async () => {
    const flags = async (...argv: string[]) => flagsIn((await ask(...argv, '-h')).out);
    const always = ['fix', 'help', 'log-level', 'quiet', 'workspace'];
    expect(await flags('lint')).toEqual(always);
    expect(await flags('demo')).toEqual(['help']);
    expect(await flags('list', 'operators')).toContain('src-tls-verify');
    expect(await flags('list', 'operators')).not.toContain('dest-tls-verify');
    expect(await flags('restore')).toEqual(expect.arrayContaining(['undo', 'dest-tls-verify']));
    expect(await flags('restore')).not.toContain('config');
    expect(await flags('state', 'list')).toContain('dest-tls-verify');
    expect(await flags('history')).toEqual(expect.arrayContaining(['authfile', 'dest-tls-verify']));
    expect(await flags('plan')).toEqual(expect.arrayContaining(['policy', 'secure-policy']));
    expect(await flags()).toEqual(expect.arrayContaining(['config', 'version', 'port']));
  });

  it('of the program names every command', async () => {
    const { out } = await ask('help');
    expect(out).toBe((await ask('--help')).out);
    for (const name of leaves) expect(out).toContain(`\n  ${name.split(' ')[0]} `);
  });

  it('names no input of the action', async () => {
    for (const name of ['', ...leaves]) {
      const { out } = await ask('help', ...name.split(' ').filter(Boolean));
      expect(out).not.toMatch(
        /ca-bundle|insecure-registries|pull-secret|auth-file\b|require-review/,
      );
    }
  });
});

describe('a short question', () => {
  it('-v prints the version', async () => {
    expect(await ask('-v')).toEqual({ code: 0, out: 'imageset-mirror version v1.2.3\n', err: '' });
  });
});

describe('a mistake', () => {
  it.each([
    [['lnit', 'a.yaml'], 'unknown command "lnit" for "imageset-mirror"', 'Did you mean "lint"?'],
    [
      ['list', 'operatros'],
      'unknown command "operatros" for "imageset-mirror list"',
      '"operators"',
    ],
    [['help', 'verfy'], 'unknown command "verfy"', 'Did you mean "verify"?'],
    [['help', 'nothing'], 'unknown command "nothing"', 'imageset-mirror help lists the commands.'],
    [['lint', '--worksapce', 'a'], 'unknown flag: --worksapce', 'Did you mean --workspace?'],
    [['completion', 'tcsh'], 'not "tcsh"', 'Name bash, zsh or fish.'],
  ])('%j is answered with what was meant', async (argv, message, hint) => {
    const { code, err } = await ask(...argv);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });

  it('takes a destination for no command, however it is called', async () => {
    expect((await ask('-c', 'a', 'docker://lint')).err).not.toContain('unknown command');
    expect((await ask('-c', 'a', 'registry:5000')).err).not.toContain('unknown command');
  });

  it.each([
    ['-c', 'a', '--workspace', 'file://w', 'docker://a', 'docker://b'],
    ['plan', 'docker://a', 'docker://b'],
    ['verify', 'docker://a', 'docker://b'],
    ['delete', '--delete-yaml-file', 'x', 'docker://a', 'docker://b'],
  ])('with a second destination is refused: %s %s %s', async (...argv) => {
    const { code, err } = await ask(...argv);
    expect(code).toBe(1);
    expect(err).toContain('there are two destinations, "docker://a" and "docker://b"');
  });

  it('with a file for a destination is told the flag that names it', async () => {
    expect((await ask('plan', 'isc.yaml', 'docker://a')).err).toContain('-c isc.yaml.');
    expect((await ask('apply', 'plan.json', 'docker://a')).err).toContain('--plan plan.json.');
  });

  it('with the value of a flag for a destination is told how to write it', async () => {
    expect((await ask('verify', '--quiet', 'true', 'docker://a')).err).toContain('--dry-run=true');
  });
});

const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined;

describe('completion', () => {
  const complete = `
COMP_WORDS=(imageset-mirror "$@") COMP_CWORD=$#
_imageset_mirror
printf '%s\\n' "\${COMPREPLY[@]}"`;

  async function completeInBash(...words: string[]): Promise<string[]> {
    const { out } = await ask('completion', 'bash');
    const text = execFileSync('bash', ['-c', out + complete, 'bash', ...words], {
      encoding: 'utf8',
    });
    return text.split('\n').filter(Boolean);
  }

  it.skipIf(!has('bash'))('in bash knows commands, those below them, and their flags', async () => {
    expect(await completeInBash('li')).toEqual(['list', 'lint']);
    expect(await completeInBash('list', '')).toEqual(
      expect.arrayContaining(['operators', 'releases']),
    );
    expect(await completeInBash('list', 'operators', '--cat')).toEqual(['--catalog', '--catalogs']);
    expect(await completeInBash('lint', '--f')).toEqual(['--fix']);
    expect(await completeInBash('--fi')).toEqual([]);
  });

  it.each(['bash', 'zsh', 'fish'])('for %s is a script that knows all commands', async (shell) => {
    const { code, out } = await ask('completion', shell);
    expect(code).toBe(0);
    for (const name of ['operators', 'restore', 'fix']) expect(out).toContain(name);
  });

  it.skipIf(!has('zsh'))('in zsh knows commands, those below them, and their flags', async () => {
    const { out } = await ask('completion', 'zsh');
    const ground = 'compadd() { print -l -- "$@"; }; compdef() { :; }; _files() { :; };';
    const completed = (...words: string[]) =>
      execFileSync(
        'zsh',
        [
          '-fc',
          `${ground}${out}\nwords=(imageset-mirror "$@") CURRENT=$(($# + 1)); _imageset_mirror`,
          'zsh',
          ...words,
        ],
        { encoding: 'utf8' },
      ).split('\n');
    expect(completed('')).toEqual(expect.arrayContaining(['lint', 'list', '--config']));
    expect(completed('list', '')).toEqual(expect.arrayContaining(['operators', 'releases']));
    expect(completed('list', 'operators', '')).toContain('--catalogs');
  });

  it.skipIf(!has('fish'))('in fish knows commands, those below them, and their flags', async () => {
    const { out } = await ask('completion', 'fish');
    const completed = (line: string) =>
      execFileSync('fish', ['-c', `${out}\ncomplete -C '${line}'`], { encoding: 'utf8' });
    expect(completed('imageset-mirror li')).toMatch(/^lint\t.*\nlist\t/m);
    expect(completed('imageset-mirror list o')).toContain('operators\t');
    expect(completed('imageset-mirror lint --fi')).toContain('--fix\t');
  });
});
