import { describe, expect, it } from 'vitest';
import type { PlanRequest, PlanResult, Settings } from '../../src/run/index.ts';
import { createWorld, result, type TestWorld, type WorldChanges } from './world.ts';

const planned: PlanResult = {
  plan: result([], 'nothing').plan,
  collections: [],
  failures: [],
  diagnostics: [],
  files: new Map([
    ['plan.json', '{}'],
    ['delete-images.yaml', 'list'],
    ['delete-imageset-config.yaml', 'config'],
  ]),
};

function planning(changes: WorldChanges = {}, given: Partial<PlanResult> = {}) {
  return createWorld({
    ...changes,
    jobs: { plan: async () => ({ ...planned, ...given }), ...changes.jobs },
  });
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
    expect(out).toContain(
      'mirror 3 (1.5 kB), delete 5 (2.0 MB come free), untag 6, hold 7, keep 4',
    );
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
    const { code, out } = await plan(world, '-c', config);
    expect(code).toBe(1);
    expect(out).toContain('f:1:2: error: Bad.');
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
    expect(ran.out).toContain('the plan has 1 error');
    expect(world.list('working-dir/plan')).toContain('plan.json');
  });

  it('does not fail for what is only a warning', async () => {
    const diagnostics = [{ severity: 'warning', code: 'x', summary: 'Mind.' }] as const;
    using world = planning({}, { diagnostics });
    expect((await plan(world, '-c', world.write('isc.yaml', ''))).code).toBe(0);
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
  const history: WorldChanges = {
    git: {
      resolve: async (name) => ({ main: 'c0ffee', applied: 'abcdef' })[name],
      read: async (commit, path) => (path.endsWith('new.yaml') ? undefined : `text in ${commit}`),
    },
  };

  async function baseOf(flags: readonly string[], lastApplied?: string) {
    using world = planning(history);
    const { err, out } = await plan(world, '-c', world.write('isc.yaml', 'now'), ...flags);
    const request = requestOf(world);
    if (!request) throw new Error(err + out);
    expect(request.head).toMatchObject([{ text: 'now' }]);
    return request.base(lastApplied);
  }

  it('is the commit that was last applied', async () => {
    expect(await baseOf([], 'applied')).toMatchObject({
      files: [{ text: 'text in abcdef' }],
      revision: { commit: 'abcdef', from: 'state' },
    });
  });

  it('is --base, whatever was applied', async () => {
    expect(await baseOf(['--base', 'main'], 'applied')).toMatchObject({
      files: [{ text: 'text in c0ffee' }],
      revision: { commit: 'c0ffee', from: 'input' },
    });
  });

  it('is left to the state when git does not have the commit', async () => {
    expect(await baseOf([], 'gone')).toBeUndefined();
    expect(await baseOf([])).toBeUndefined();
  });

  it('has no file that did not exist then', async () => {
    using world = planning(history);
    await plan(world, '-c', world.write('new.yaml', ''), '--base', 'main');
    expect((await requestOf(world).base(undefined))?.files).toEqual([]);
  });

  it('is --before, which speaks for its own name and for that of today', async () => {
    using world = planning();
    const [old, now] = [world.write('old.yaml', 'old'), world.write('isc.yaml', 'now')];
    await plan(world, '-c', now, '--before', old);
    expect(await requestOf(world).base('applied')).toEqual({
      files: [{ name: now, text: 'old', formerNames: [old] }],
      revision: { from: 'files' },
    });
  });

  it.each([
    [['--base', 'nope'], '--base "nope" is no commit of this repository'],
    [['--base', 'main', '--before', 'x'], '--base and --before cannot be used together'],
  ])('is refused as %j', async (flags, message) => {
    using world = planning(history);
    const ran = await plan(world, '-c', world.write('isc.yaml', ''), ...flags);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(message) });
  });
});

describe('without --config', () => {
  it('every tracked image set is planned, and nothing else', async () => {
    const head = 'apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\n';
    const paths: string[] = [];
    using world = planning({ git: { list: async () => paths } });
    paths.push(world.write('isc.yaml', head), world.write('other.yaml', 'kind: Pod\n'));
    await plan(world);
    expect(requestOf(world).head.map((file) => file.text)).toEqual([head]);
  });

  it('and without git the user is told to name the files', async () => {
    using world = planning();
    expect((await plan(world)).err).toContain('Name the files with -c FILE.');
  });
});
