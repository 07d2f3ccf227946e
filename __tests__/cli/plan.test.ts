import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameProgram } from '../../src/cli/index.ts';
import { CancelledError } from '../../src/errors.ts';
import type { Change, Plan } from '../../src/plan/index.ts';
import type { PlanRequest, PlanResult, Settings } from '../../src/run/index.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';
import { change, createWorld, emptyPlan, type TestWorld, type WorldChanges } from './world.ts';

const planned = emptyPlan(['delete-imageset-config.yaml', 'config']);

function planning(changes: WorldChanges = {}, given: Partial<PlanResult> = {}) {
  return createWorld({
    ...changes,
    jobs: { plan: async () => ({ ...planned, ...given }), ...changes.jobs },
  });
}

/** Gives a plan with these changes. */
function withChanges(
  changes: readonly Change[],
  totals: Partial<Plan['totals']> = { mirror: 0, retag: 0, delete: changes.length, untag: 0 },
): Partial<PlanResult> {
  const { plan: base } = planned;
  return base ? { plan: { ...base, changes, totals: { ...base.totals, ...totals } } } : {};
}

async function plan(world: TestWorld, ...flags: string[]) {
  const workspace = `file://${world.directory}`;
  return world.run('plan', '--workspace', workspace, ...flags, 'docker://reg:5000/ns');
}

function requestOf(world: TestWorld): PlanRequest {
  return world.calls.find(({ job }) => job === 'plan')?.words[1] as PlanRequest;
}

describe('plan', () => {
  it('writes the plan’s files, the delete files also where oc-mirror puts them, and prints the sums', async () => {
    using world = planning();
    const { code, out } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(code).toBe(0);
    expect(world.list('working-dir/plan')).toEqual([...planned.files.keys()].sort());
    expect(world.list('working-dir/delete')).toEqual([
      'delete-images.yaml',
      'delete-imageset-config.yaml',
    ]);
    expect(out).toContain(`${world.directory}/working-dir/plan/plan.json`);
    expect(out).toContain('plan sha256:abc for reg:5000/ns');
    expect(out).toContain('mirror 3 (1.5 kB), delete 5 (frees 2.0 MB), untag 6, hold 7, keep 4');
  });

  it('is shown before its files, within one screen, and ends with the command that does it', async () => {
    const changes = Array.from({ length: 60 }, (_, index) => change('delete', `4.16.5-${index}`));
    using world = planning({ isTerminal: true, rows: 50 }, withChanges(changes));
    const { out } = await plan(world, '-c', world.write('isc.yaml', ''), '--authfile', 'my auth');
    const lines = out.split('\n');
    const at = (text: string) => lines.findIndex((line) => line.includes(text));
    expect(at('Mirror plan for reg:5000/ns')).toBeLessThan(at('plan/plan.json'));
    expect(out).toContain('\u001b[31m-\u001b[0m openshift/release:4.16.5-0');
    expect(out).toMatch(/more images in the plan's files/);
    expect(at('plan/plan.json') - at('Mirror plan')).toBeLessThanOrEqual(50 - 12);
    const file = `${world.directory}/working-dir/plan/plan.json`;
    const flags = `--config=${world.directory}/isc.yaml --workspace=file://${world.directory}`;
    expect(out).toContain(
      `apply it with: imageset-mirror apply --plan ${file} ${flags} '--authfile=my auth' docker://reg:5000/ns`,
    );
  });

  it('ends with a command that starts the program as the user did', async () => {
    const program = nameProgram('node', '/home/me/dist/cli/index.js', '/home/me');
    expect(program).toBe('node dist/cli/index.js');
    using world = planning({ program }, withChanges([change('delete', '4.16.5')]));
    const { out } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(out).toContain('apply it with: node dist/cli/index.js apply --plan ');
    expect(nameProgram('node', '/usr/bin/imageset-mirror', '/home/me')).toBe('imageset-mirror');
    const cached = '/home/me/.npm/_npx/1f/node_modules/.bin/imageset-mirror';
    expect(nameProgram('node', cached, '/tmp')).toBe(`node ${cached}`);
    expect(nameProgram('/opt/my node', '/opt/cli/index.js', '/home/me')).toBe(
      "'/opt/my node' /opt/cli/index.js",
    );
  });

  it('ends with a command that applies it under the same trust policy', async () => {
    using world = planning({}, withChanges([change('delete', '4.16.5')]));
    const policy = ['--secure-policy', '--policy=p.json', '--registries.d=r'];
    const { out } = await plan(world, '-c', world.write('isc.yaml', ''), ...policy);
    expect(out).toMatch(
      /imageset-mirror apply .* --secure-policy=true --policy=p\.json --registries\.d=r /,
    );
  });

  it('leaves a terminal its last lines: one for the files, one for the next command; the log has all', async () => {
    const files = emptyPlan(['report.html', '<p>']).files;
    const given = { ...withChanges([change('delete', '4.16.5')]), files };
    using world = planning({ isTerminal: true, rows: 24 }, given);
    const { out } = await plan(world, '-c', world.write('isc.yaml', ''));
    const lines = out.split('\n').filter((line) => line.includes('[INFO]'));
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/working-dir\/plan\/report\.html, and \d+ more files beside it$/),
      expect.stringContaining('apply it with: imageset-mirror apply --plan'),
    ]);
    const [log = ''] = world.list('working-dir/logs');
    expect(world.read(`working-dir/logs/${log}`)).toContain('working-dir/plan/plan.json\n');
  });

  it('fits a small screen too, and still says what happens', async () => {
    const changes = Array.from({ length: 60 }, (_, index) => change('delete', `4.16.5-${index}`));
    using world = planning({ isTerminal: true, rows: 24 }, withChanges(changes));
    const { out } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(out).not.toContain('60 to delete');
    expect(out).toContain('delete  60');
  });

  it.each([
    ['json', '{}'],
    ['yaml', '{}'],
    ['markdown', '# Summary'],
  ])('is printed as %s alone on stdout, and the log on stderr', async (format, text) => {
    using world = planning({}, emptyPlan(['summary.md', '# Summary\n']));
    const { code, out, err } = await plan(
      world,
      '-c',
      world.write('isc.yaml', ''),
      '--output',
      format,
    );
    expect([code, out]).toEqual([0, `${text}\n`]);
    expect(err).toContain('plan sha256:abc');
    const refused = await plan(world, '-c', 'x', '--output', 'html');
    expect(refused.err).toContain('--output "html" is not one of json, yaml, markdown');
  });

  it('tells with --detailed-exitcode whether there is anything to do', async () => {
    const nothing = { delete: 0, untag: 0, mirror: 0, retag: 0, hold: 0 };
    const none = withChanges([], nothing);
    const failing = { diagnostics: [{ severity: 'error', code: 'x', summary: 'No.' }] } as const;
    for (const [given, code] of [
      [{}, 2],
      [none, 0],
      [{ ...failing, unread: [{ kind: 'operator' }] } as const, 1],
    ] as const) {
      using world = planning({}, given);
      const ran = await plan(world, '-c', world.write('isc.yaml', ''), '--detailed-exitcode');
      expect(ran.code).toBe(code);
    }
  });

  it('tells an error once for each place, and its remedy on the same stream', async () => {
    const at = { file: 'f', line: 7, column: 21 };
    const error = {
      severity: 'error',
      code: 'x',
      summary: 'Bad.',
      fix: 'a: 1\nb: 2\n',
      at,
    } as const;
    const again = { ...error, code: 'y', summary: 'Bad in other words.' };
    const elsewhere = { ...error, summary: 'Worse.', at: { ...at, line: 8 } };
    const failures = [again, elsewhere].map(
      (diagnostic) => ({ kind: 'release', message: 'm', diagnostic }) as const,
    );
    using world = planning({}, { diagnostics: [error], failures });
    const { out, err } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(err).toContain('f:7:21: error: Bad.\n    a: 1\n    b: 2\n');
    expect(err).toContain('f:8:21: error: Worse.');
    expect(err).not.toContain('in other words');
    expect(out).not.toContain('a: 1');
  });

  it('leaves nothing of an earlier plan', async () => {
    using world = planning();
    const config = world.write('isc.yaml', '');
    await plan(world, '-c', config);
    world.write('working-dir/plan/old.txt', '');
    await plan(world, '-c', config);
    expect(world.list('working-dir/plan')).not.toContain('old.txt');
  });

  it('fails when no plan can be made, and leaves no earlier one to be taken for it', async () => {
    const at = { file: 'f', line: 1, column: 2 };
    const refused: PlanResult = {
      collections: [],
      failures: [],
      files: new Map(),
      diagnostics: [{ severity: 'error', code: 'x', summary: 'Bad.', at }],
    };
    const results = [planned, refused];
    using world = createWorld({ jobs: { plan: async () => results.shift() ?? refused } });
    const config = world.write('isc.yaml', '');
    expect((await plan(world, '-c', config)).code).toBe(0);
    const { code, err } = await plan(world, '-c', config);
    expect(code).toBe(1);
    expect(err).toContain('f:1:2: error: Bad.');
    expect(world.list('working-dir/plan')).toEqual([]);
  });

  it.each([
    ['more deletes than max-delete allows', 'max-delete', [], 1],
    ['an additional image that cannot be read', 'source-unreadable', ['additional'], 8],
    [
      'a release and an operator that cannot be read',
      'source-unreadable',
      ['operator', 'release'],
      2,
    ],
  ] as const)('fails for %s, in the bits of oc-mirror', async (_, code, kinds, exitCode) => {
    const diagnostics = [{ severity: 'error', code, summary: 'Not so.' }] as const;
    using world = planning({}, { diagnostics, unread: kinds.map((kind) => ({ kind })) });
    const ran = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(ran.code).toBe(exitCode);
    expect(ran.err).toContain('the plan has 1 error');
    expect(world.list('working-dir/plan')).toContain('plan.json');
  });

  it('is not offered to apply where max-delete forbids it', async () => {
    const diagnostics = [
      { severity: 'error', code: 'max-delete', summary: 'Too many.', fix: 'max-delete: 9' },
    ] as const;
    using world = planning({}, { ...withChanges([change('delete', '4.16.5')]), diagnostics });
    const { out, err } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(out).not.toContain('apply it with');
    expect(err).toContain('the plan has 1 error');
    expect(`${out}${err}`).toContain('--max-delete 9');
  });

  it('tells each failure of a collection once', async () => {
    const diagnostic = { severity: 'error', code: 'x', summary: 'No such channel.' } as const;
    const failures = [{ kind: 'release', message: 'no release images found', diagnostic }] as const;
    using world = planning({}, { failures });
    const { code, err } = await plan(world, '-c', world.write('isc.yaml', ''));
    expect(code).toBe(2);
    expect(err).toContain('error: No such channel.');
    expect(err).not.toContain('no release images found');
  });

  it('does not fail for what is only a warning', async () => {
    const diagnostics = [{ severity: 'warning', code: 'x', summary: 'Mind.' }] as const;
    using world = planning({}, { diagnostics });
    expect((await plan(world, '-c', world.write('isc.yaml', ''))).code).toBe(0);
  });

  it('that was cancelled has no findings, and leaves the earlier plan', async () => {
    const controller = new AbortController();
    const results = [planned];
    const failure = { severity: 'error', code: 'x', summary: 'A release cannot be read.' } as const;
    using world = createWorld({
      signal: controller.signal,
      jobs: {
        async plan() {
          const result = results.shift();
          if (result) return result;
          controller.abort(new CancelledError());
          return { collections: [], failures: [], files: new Map(), diagnostics: [failure] };
        },
      },
    });
    const config = world.write('isc.yaml', '');
    expect((await plan(world, '-c', config)).code).toBe(0);
    const { code, out, err } = await plan(world, '-c', config);
    expect(code).toBe(130);
    expect(out + err).not.toContain('cannot be read');
    expect(out + err).toContain('Cancelled; run again to continue.');
    expect(world.list('working-dir/plan')).toContain('plan.json');
  });

  it.each([
    ['above its workspace', 'a-file', '/a-file/ws'],
    ['in its workspace', 'working-dir', ''],
  ])('is not begun where a file stands %s', async (_, file, workspace) => {
    using world = planning();
    world.write(file, '');
    const place = `file://${world.directory}${workspace}`;
    const flags = ['-c', world.write('isc.yaml', ''), '--workspace', place];
    for (const words of [
      ['plan', ...flags],
      ['apply', ...flags, '--plan', world.write('p.json', '{}')],
    ]) {
      const { code, err } = await world.run(...words, 'docker://reg');
      expect(code).toBe(1);
      expect(err).toContain('A file stands where a directory belongs.');
    }
    expect(world.calls).toEqual([]);
  });

  it('carries what bounds it', async () => {
    using world = planning();
    await plan(
      world,
      ...['-c', world.write('isc.yaml', ''), '--prune=stale', '--max-delete', '12.5%'],
      ...['--protect', 'a/*', '--protect', 'b/*', '--state', 'file:///state'],
    );
    expect(world.calls[0]?.words[0] as Settings).toMatchObject({
      options: { prune: 'stale', maxDelete: { share: 0.125 }, protect: ['a/*', 'b/*'] },
      state: { directory: '/state' },
    });
  });

  it.each([
    ['--prune=all', '--prune "all" is not one of removed, stale, none'],
    ['--max-delete=101%', '--max-delete "101%" is neither a number nor a percentage'],
    ['--max-delete=-1', '--max-delete "-1" is neither'],
    ['--max-delete=1.5', '--max-delete "1.5" is neither'],
    ['--state=', '--state is empty'],
  ])('is refused with %s', async (flag, message) => {
    using world = planning();
    expect((await plan(world, '-c', 'x', flag)).err).toContain(message);
  });
});

describe('the base of a plan', () => {
  /** A clone with two commits; the world's command line stands at its top level. */
  function history() {
    const repository = new TempRepository();
    repository.git('remote', 'add', 'origin', 'https://me:secret@git.example.com/acme/mirrors.git');
    repository.write('isc.yaml', imageSetText('quay.io/team/app:1'));
    const first = repository.commit();
    repository.write('isc.yaml', imageSetText('quay.io/team/app:2'));
    repository.commit();
    const world = planning({ from: repository.root });
    const file = join(repository.root, 'isc.yaml');
    return {
      ...{ repository, first, world, file },
      [Symbol.dispose]() {
        world[Symbol.dispose]();
        repository[Symbol.dispose]();
      },
    };
  }

  const identity = 'git.example.com/acme/mirrors//isc.yaml';
  const applied = { name: identity, text: 'as applied', at: '2026-01-01T00:00:00Z' };

  it('is what was last applied of the image set, with its commit', async () => {
    using made = history();
    await plan(made.world, '-c', made.file);
    const request = requestOf(made.world);
    expect(request.head).toMatchObject([{ identity }]);
    expect(await request.base([{ ...applied, commit: made.first }])).toMatchObject({
      files: [{ identity, text: 'as applied' }],
      revision: { commit: made.first, from: 'state' },
    });
    expect(await request.base([{ ...applied, name: 'other' }])).toBeUndefined();
  });

  it('is --base, whatever was applied', async () => {
    using made = history();
    await plan(made.world, '-c', made.file, '--base', 'HEAD~1');
    expect(await requestOf(made.world).base([applied])).toMatchObject({
      files: [{ identity, text: imageSetText('quay.io/team/app:1') }],
      revision: { commit: made.first, from: 'input' },
    });
  });

  it('has no file that did not exist then', async () => {
    using made = history();
    made.repository.write('new.yaml', imageSetText());
    await plan(made.world, '-c', join(made.repository.root, 'new.yaml'), '--base', 'HEAD');
    expect((await requestOf(made.world).base([]))?.files).toEqual([]);
  });

  it('is --before, which speaks for its own name and for that of today', async () => {
    using world = planning();
    const [old, now] = [world.write('old.yaml', 'old'), world.write('isc.yaml', 'now')];
    await plan(world, '-c', now, '--before', old);
    const here = `file://${realpathSync(world.directory)}`;
    expect(await requestOf(world).base([])).toEqual({
      files: [
        {
          name: now,
          identity: `${here}//isc.yaml`,
          text: 'old',
          formerNames: [`${here}//old.yaml`],
        },
      ],
      revision: { from: 'files' },
    });
  });

  it.each([
    [['--base', 'nope'], '--base "nope" is no commit of this repository'],
    [['--base', 'main', '--before', 'x'], '--base and --before cannot be used together'],
    [['--name', 'a//b'], '--name "a//b" cannot name an image set'],
  ])('is refused as %j', async (flags, message) => {
    using world = planning();
    const ran = await plan(world, '-c', world.write('isc.yaml', ''), ...flags);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(message) });
  });
});

describe('without --config', () => {
  it('every tracked image set below the current directory is planned, and nothing else', async () => {
    using repository = new TempRepository();
    repository.write('sets/isc.yaml', imageSetText());
    repository.write('sets/other.yaml', 'kind: Pod\n');
    repository.write('elsewhere.yaml', imageSetText());
    repository.commit();
    using world = planning({ from: join(repository.root, 'sets') });
    await plan(world);
    expect(requestOf(world).head.map(({ name, path }) => [name, path])).toEqual([
      ['isc.yaml', 'sets/isc.yaml'],
    ]);
  });

  it('and without git the user is told to name the files', async () => {
    using world = planning({ from: tmpdir() });
    expect((await plan(world)).err).toContain('Name the files with -c FILE.');
  });

  it('a repository of which the last one was deleted is planned as long as the state knows one', async () => {
    using repository = new TempRepository();
    repository.git('remote', 'add', 'origin', 'git@git.example.com:acme/mirrors');
    repository.commit();
    using world = planning({ from: repository.root });
    await plan(world);
    const { head, base } = requestOf(world);
    expect(head).toEqual([]);
    const known = { name: 'git.example.com/acme/mirrors//isc.yaml', text: imageSetText() };
    expect((await base([known]))?.files).toMatchObject([{ identity: known.name }]);
    await expect(base([])).rejects.toThrow('git tracks no ImageSetConfiguration here');
  });
});
