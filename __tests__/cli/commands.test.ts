import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../src/run/index.ts';
import { change, createWorld, result } from './world.ts';

describe('apply', () => {
  async function apply(outcome: 'applied' | 'nothing' | 'partial' | 'refused' | 'failed') {
    const outcomes = (['mirror', 'delete'] as const).map((action) => {
      return { change: change(action, action), result: 'done', ms: 1, bytes: 1 } as const;
    });
    using world = createWorld({
      jobs: {
        apply: async () => ({
          result: { ...result(outcomes, outcome), run: 17 },
          files: new Map([['cluster-resources/idms-oc-mirror.yaml', '---\n']]),
        }),
      },
    });
    const plan = world.write('plan.json', '{"a":1}');
    const ran = await world.run(
      ...['apply', '--plan', plan, '--workspace', `file://${world.directory}`, 'docker://reg'],
    );
    return {
      ...ran,
      request: world.calls[0]?.words[1],
      resources: world.list('working-dir/cluster-resources'),
    };
  }

  it('hands on the plan as it was read, and tells how to undo', async () => {
    const { code, out, request, resources } = await apply('applied');
    expect(code).toBe(0);
    expect(request).toMatchObject({ planText: '{"a":1}', approval: { require: 'none' } });
    expect(resources).toEqual(['idms-oc-mirror.yaml']);
    expect(out).toContain('applied: mirrored 1, deleted 1, untagged 0, held 7, failed 0');
    expect(out).toMatch(
      /undo with: imageset-mirror restore --undo 17 --workspace=file:\/\/\S+ docker:\/\/reg\n/,
    );
    expect(out).toContain('own garbage collection frees the bytes (see its manual)');
    expect(out).toMatch(
      /see: cluster resources \S+working-dir\/cluster-resources · log \S+\.log\n/,
    );
  });

  it.each([
    ['nothing', 0],
    ['partial', 1],
    ['refused', 1],
    ['failed', 1],
  ] as const)('that ends as %s gives %d', async (outcome, code) => {
    expect((await apply(outcome)).code).toBe(code);
  });

  it('that was cancelled tells what was done and ends with 130', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    using world = createWorld({
      signal,
      jobs: {
        async apply(_settings, _request, listener) {
          const done = { change: change('mirror', 'b'), result: 'done', ms: 1, bytes: 1 } as const;
          listener({ type: 'phase', phase: 'mirror', total: 2 });
          listener({ type: 'outcome', outcome: done, index: 0, total: 2 });
          controller.abort();
          const skipped = {
            change: change('mirror', 'a'),
            result: 'skipped',
            detail: 'cancelled',
          } as const;
          listener({ type: 'outcome', outcome: skipped, index: 1, total: 2 });
          return { result: result([skipped], 'failed'), files: new Map([['result.json', '{}']]) };
        },
      },
    });
    const plan = world.write('plan.json', '{}');
    const workspace = `file://${world.directory}`;
    const ran = await world.run('apply', '--plan', plan, '--workspace', workspace, 'docker://reg');
    expect(ran.code).toBe(130);
    expect(ran.out).toContain(
      'failed: mirrored 0, deleted 0, untagged 0, held 7, skipped 1, failed 0',
    );
    expect(world.list('working-dir')).toContain('result.json');
    expect(ran.out).not.toContain('skipped openshift/release:a');
    expect(ran.out).toMatch(/ : Cancelled: 1 of 2 mirrored; run again to continue\.\n$/);
  });

  it('needs a plan', async () => {
    using world = createWorld();
    const { code, err } = await world.run('apply', 'docker://reg');
    expect(code).toBe(1);
    expect(err).toContain('use the --plan flag, it is mandatory');
  });
});

describe('verify and restore', () => {
  it('fail when something is missing, naming it', async () => {
    using world = createWorld({
      jobs: {
        verify: async () => ({
          done: 1,
          total: 2,
          notes: [],
          imageFailures: [
            { kind: 'release', origin: 'a:1', message: 'is gone.', hint: 'Mirror it.' },
          ],
        }),
      },
    });
    const { code, out, err } = await world.run(
      'verify',
      '--workspace',
      `file://${world.directory}`,
      'reg',
    );
    expect(code).toBe(1);
    expect(err).toContain('a:1: is gone. Mirror it.');
    expect(out).toContain('verified 1 / 2');
  });

  it('verify answers programs: json, yaml or markdown alone on stdout, and 2 for a mirror that is not whole', async () => {
    const failure = {
      kind: 'release',
      origin: 'a:1',
      message: 'is | gone',
      hint: 'Mirror it.',
    } as const;
    const report = { done: 1, total: 2, notes: [], imageFailures: [failure] };
    using world = createWorld({ jobs: { verify: async () => report } });
    const flags = ['--detailed-exitcode', '--workspace', `file://${world.directory}`, 'reg'];
    const ran = await world.run('verify', '--output', 'json', ...flags);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toEqual({
      ...{ verified: 1, total: 2, notes: [] },
      failures: [{ origin: 'a:1', message: 'is | gone', hint: 'Mirror it.' }],
    });
    expect(ran.err).toContain('verified 1 / 2');
    const yaml = await world.run('verify', '--output', 'yaml', ...flags);
    expect(yaml.out).toContain('verified: 1\n');
    const markdown = await world.run('verify', '--output', 'markdown', ...flags);
    expect(markdown.out).toContain('| `a:1` | is &#124; gone | Mirror it. |\n');
  });

  it('verify repairs where it is asked to, and counts that as success', async () => {
    const asked: unknown[] = [];
    using world = createWorld({
      jobs: {
        verify: async (_, __, request) => {
          asked.push(request);
          return { done: 2, total: 2, changed: 1, damaged: 1, notes: [], imageFailures: [] };
        },
      },
    });
    const flags = ['--detailed-exitcode', '--workspace', `file://${world.directory}`, 'reg'];
    const ran = await world.run('verify', '--repair', '--output', 'json', ...flags);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ verified: 2, damaged: 1, repaired: 1 });
    expect(ran.err).toContain('verified 2 / 2 images, repaired 1 of 1');
    await world.run('verify', ...flags);
    expect(asked).toEqual([
      { repairs: true, files: [] },
      { repairs: false, files: [] },
    ]);
  });

  it('verify suggests what is new upstream of the image sets that are named, and exits as without', async () => {
    const news = [
      {
        severity: 'notice' as const,
        code: 'new-release',
        summary: 'A newer release is in the channel.',
        detail: 'stable-4.16 has 4.16.6.',
      },
    ];
    const names: string[] = [];
    using world = createWorld({
      jobs: {
        verify: async (_, __, { files = [] } = {}) => {
          names.push(...files.map(({ name }) => name));
          return { done: 2, total: 2, notes: [], imageFailures: [], news };
        },
      },
    });
    const file = join(world.directory, 'isc.yaml');
    writeFileSync(file, 'kind: ImageSetConfiguration\n');
    const flags = ['--detailed-exitcode', '--workspace', `file://${world.directory}`, 'reg'];
    const ran = await world.run('verify', '-c', file, ...flags);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('new upstream: stable-4.16 has 4.16.6.');
    expect(names).toEqual([expect.stringMatching(/isc\.yaml$/)]);
    const json = await world.run('verify', '-c', file, '--output', 'json', ...flags);
    expect(JSON.parse(json.out)).toMatchObject({ news });
  });

  it.each([6, 7])('verify repeats five of %i failures at its end, and logs all', async (total) => {
    const imageFailures = Array.from({ length: total }, (_, index) => ({
      kind: 'release' as const,
      origin: `a:${index}`,
      message: 'the tag is gone',
    }));
    const notes = ['Mind it.'];
    using world = createWorld({
      program: 'node dist/cli/index.js',
      jobs: { verify: async () => ({ done: 0, total, damaged: total, notes, imageFailures }) },
    });
    const { out, err } = await world.run('verify', '--workspace', `file://${world.directory}`, 'r');
    expect(out).toContain(`a:${total - 1}: the tag is gone.`);
    expect(err).not.toContain('a:5');
    expect(err).toContain(`failed: and ${total - 5} more`);
    expect(out).toMatch(
      /repair with: node dist\/cli\/index\.js verify --repair --workspace=\S+ docker:\/\/r\n/,
    );
    expect(out.indexOf(`verified 0 / ${total}`)).toBeLessThan(out.indexOf('Mind it.'));
  });

  it.each([
    [[], { undo: 'last', isDryRun: false }],
    [['--undo', '17'], { undo: 17, isDryRun: false }],
    [['--dry-run'], { undo: 'last', isDryRun: true }],
  ])('restore %j asks for %j', async (flags, request) => {
    using world = createWorld({
      jobs: { restore: async () => ({ done: 2, total: 2, notes: [], imageFailures: [] }) },
    });
    const { code } = await world.run(
      ...['restore', ...flags, '--workspace', `file://${world.directory}`, 'docker://reg'],
    );
    expect(code).toBe(0);
    expect(world.calls[0]?.words[1]).toEqual(request);
  });

  it('refuse an undo that is no number, and a missing registry', async () => {
    using world = createWorld();
    expect((await world.run('restore', '--undo', '0', 'reg')).err).toContain('--undo "0"');
    expect((await world.run('verify')).err).toContain('the destination registry is missing');
  });
});

describe('history', () => {
  const run = {
    id: 17,
    name: '17',
    at: '2026-08-21T14:09:40Z',
    planDigest: `sha256:${'a'.repeat(64)}`,
    actor: 'erika',
    reviews: ['pull request #7'],
    counts: { mirrored: 0, deleted: 131, untagged: 60, failed: 0 },
    canUndo: true,
  } as const;
  const old = {
    id: 3,
    name: '3',
    at: '2026-01-02T03:04:05Z',
    planDigest: 'sha256:b',
    canUndo: false,
  };

  it('prints who applied what and when, what approved it, and the way back', async () => {
    using world = createWorld({ jobs: { history: async () => [run, old] } });
    const { code, out } = await world.run('history', 'docker://reg');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['apply', 'when', 'who', 'commit', 'plan', 'done', 'approved by', 'undo'],
      [
        ...['17', '2026-08-21T14:09:40Z', 'erika', '-', 'aaaaaaaaaaaa', 'deleted 131, untagged 60'],
        ...['pull request #7', 'restore --undo 17'],
      ],
      ['3', '2026-01-02T03:04:05Z', '-', '-', 'b', '-', '-', '-'],
      [''],
      ['Undo 17 with: imageset-mirror restore --undo 17 docker://reg'],
      [''],
    ]);
  });

  it('prints the same for programs', async () => {
    using world = createWorld({ jobs: { history: async () => [run] } });
    const { out } = await world.run('history', '--output', 'json', 'docker://reg');
    expect(JSON.parse(out)).toEqual([run]);
    expect((await world.run('history', '--output', 'xml', 'docker://reg')).err).toContain(
      '--output',
    );
  });
});

describe('probe', () => {
  const report: ProbeReport = {
    registry: 'reg:5000',
    at: '2026-08-21T14:09:40Z',
    product: { name: 'Harbor', collect: 'GC Now' },
    abilities: {
      ...{ deleteByDigest: 'yes', deleteTag: 'no', keepOtherTags: 'unknown', moveTag: 'yes' },
      ...{ listAllTags: 'yes', referrersApi: 'yes', sparseIndex: 'yes', mountBlobs: 'yes' },
    },
  };

  it('says what each lack means, and how the registry collects', async () => {
    using world = createWorld({ jobs: { probe: async () => report } });
    const { code, out } = await world.run('probe', 'docker://reg:5000');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['reg:5000: Harbor'],
        ['deletes by digest', 'yes'],
        ['removes one tag', 'no', expect.stringContaining('placeholder')],
        ['keeps other tags of the image', 'unknown'],
        ['garbage collection: GC Now'],
      ]),
    );
  });

  it('prints the same for programs', async () => {
    using world = createWorld({ jobs: { probe: async () => report } });
    const { out } = await world.run('probe', '--output', 'json', 'docker://reg:5000');
    expect(JSON.parse(out)).toEqual(report);
  });
});

describe('version', () => {
  it.each([
    [['version'], 'imageset-mirror version: v1.2.3\n'],
    [['version', '--short'], 'v1.2.3\n'],
    [['--version'], 'imageset-mirror version v1.2.3\n'],
    [
      ['version', '--output', 'yaml'],
      'clientVersion:\n  gitVersion: v1.2.3\n  name: imageset-mirror\n',
    ],
  ])('%j prints %j', async (argv, text) => {
    using world = createWorld();
    expect(await world.run(...argv)).toEqual({ code: 0, out: text, err: '' });
  });

  it('is JSON when asked for, and nothing else than YAML and JSON', async () => {
    using world = createWorld();
    const { out } = await world.run('version', '--output=json');
    expect(JSON.parse(out)).toMatchObject({ clientVersion: { gitVersion: 'v1.2.3' } });
    expect(await world.run('version', '--output=xml')).toMatchObject({ code: 1, out: '' });
  });
});

describe('a command that only the action has', () => {
  it.each([
    [['archive'], 'imageset-mirror -c FILE file://DIR'],
    [['load'], 'imageset-mirror -c FILE --from file://DIR docker://'],
  ])('%j is answered with its form here', async (argv, message) => {
    using world = createWorld();
    expect(await world.run(...argv)).toMatchObject({
      code: 1,
      err: expect.stringContaining(message),
    });
  });
});

describe('help', () => {
  it('lists commands and visible flags', async () => {
    using world = createWorld();
    const { code, out } = await world.run('--help');
    expect(code).toBe(0);
    expect(out).toContain('imageset-mirror -c FILE --workspace file://DIR docker://');
    expect(out).toMatch(/^ {2}plan +write what would be/m);
    expect(out).toMatch(/^ {2}-c, --config strings +path/m);
    expect(out).not.toContain('--src-password');
  });

  it('of a command lists its own flags', async () => {
    using world = createWorld();
    const { out } = await world.run('delete', '-h');
    expect(out).toContain('--delete-yaml-file string');
    expect(out).not.toContain('Available Commands');
  });

  it('follows an unknown flag, on stderr', async () => {
    using world = createWorld();
    const { code, out, err } = await world.run('--nope', 'docker://reg');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Usage:');
    expect(err).toContain('[Executor] unknown flag: --nope');
  });

  it.each([
    ['a flag of a command that oc-mirror lacks', 'plan --nope docker://reg'],
    ['a command that is misspelt', 'paln docker://reg'],
  ])('does not hide what is wrong with %s', async (_, line) => {
    using world = createWorld();
    const { code, err } = await world.run(...line.split(' '));
    expect(code).toBe(1);
    expect(err.split('\n')).toHaveLength(3);
    expect(err).toMatch(/\[Executor\] unknown (flag|command)/);
  });
});

describe('the demo', () => {
  it('prints what it shows and ends with its own code', async () => {
    using world = createWorld({
      jobs: {
        demo: async (print) => {
          print('story\n');
          return 3;
        },
      },
    });
    expect(await world.run('demo')).toEqual({ code: 3, out: 'story\n', err: '' });
  });
});
