import { describe, expect, it } from 'vitest';
import type { DeleteGenerateReport } from '../../src/run/index.ts';
import { change, createWorld, result } from './world.ts';

const generated: DeleteGenerateReport = {
  deleteImages: 'list\n',
  deleteImageSetConfig: 'config\n',
  collected: 3,
  count: 3,
  diagnostics: [],
  failures: [],
};

const disc = `apiVersion: mirror.openshift.io/v2alpha1
kind: DeleteImageSetConfiguration
delete:
  additionalImages:
  - name: quay.io/a/b:1
`;

const deleteNothing = async () => ({ result: result([], 'nothing'), refused: [] });

describe('a delete command line', () => {
  it.each([
    ['--generate docker://reg', 'use the --workspace flag, it is mandatory'],
    [
      '--generate --workspace file:///w docker://reg',
      'the --config flag is mandatory when used with the --generate flag',
    ],
    ['docker://reg', 'the --delete-yaml-file flag is mandatory when not using the --generate flag'],
    ['--delete-yaml-file f', 'the destination registry is missing in the command arguments'],
    [
      '--delete-yaml-file f reg',
      'the destination registry argument must have a docker:// protocol prefix',
    ],
    [
      '--delete-yaml-file f --force-cache-delete true docker://reg',
      'the destination registry argument must have a docker:// protocol prefix',
    ],
    ['--delete-yaml-file /none.yaml docker://reg', 'file not found /none.yaml'],
    ['--generate -c /none.yaml --workspace file:///w docker://reg', 'file not found /none.yaml'],
    [
      '--delete-v1-images --delete-yaml-file f docker://reg',
      'can only be used alongside the --generate flag',
    ],
    ['--delete-yaml-file f --delete-id ../../x docker://reg', 'must not contain a slash'],
  ])('"delete %s" is refused without the usage text', async (line, message) => {
    using world = createWorld();
    const { code, err } = await world.run('delete', ...line.split(' '));
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('Usage:');
  });

  it('may have flags before the word delete', async () => {
    using world = createWorld({ jobs: { deleteExecute: deleteNothing } });
    const list = world.write('list.yaml', '');
    const { code } = await world.run(
      ...['--v2', '-p', '5000', '--workspace', `file://${world.directory}`],
      ...['delete', '--delete-yaml-file', list, 'docker://reg'],
    );
    expect(code).toBe(0);
  });
});

describe('delete --generate', () => {
  async function generate(report: Partial<DeleteGenerateReport>, ...flags: string[]) {
    using world = createWorld({
      jobs: { deleteGenerate: async () => ({ ...generated, ...report }) },
    });
    const config = world.write('disc.yaml', disc);
    const ran = await world.run(
      ...['delete', '--generate', '-c', config, '--workspace', `file://${world.directory}`],
      ...flags,
      'docker://reg:5000/ns',
    );
    const files = world.list('working-dir').includes('delete')
      ? world.list('working-dir/delete')
      : [];
    const text = files.includes('delete-images.yaml')
      ? world.read('working-dir/delete/delete-images.yaml')
      : undefined;
    return { ...ran, files, text, calls: world.calls };
  }

  it('writes both files where oc-mirror puts them', async () => {
    const { code, files, text, out } = await generate({});
    expect(code).toBe(0);
    expect(files).toEqual(['delete-images.yaml', 'delete-imageset-config.yaml']);
    expect(text).toBe('list\n');
    expect(out).toContain('📄 Generating delete file...');
    expect(out).toMatch(/working-dir\/delete file created/);
  });

  it('names them after --delete-id, and only so', async () => {
    const { files } = await generate({}, '--delete-id', 'may');
    expect(files).toEqual(['delete-images-may.yaml', 'delete-imageset-config-may.yaml']);
  });

  it('asks for signatures when told to', async () => {
    const { calls } = await generate({}, '--delete-signatures');
    expect(calls.at(-1)?.words[1]).toMatchObject({ signatures: 'delete' });
  });

  it('writes nothing when nothing was collected', async () => {
    const { code, files, out } = await generate({ collected: 0, count: 0 });
    expect({ code, files }).toEqual({ code: 1, files: [] });
    expect(out).toContain('[Executor] no images to copy');
  });

  it('writes an empty list when all is gone already, so that a script goes on and finds no older list', async () => {
    const { code, files, out } = await generate({ count: 0 });
    expect({ code, files: files.length }).toEqual({ code: 0, files: 2 });
    expect(out).toContain('nothing is left to delete');
  });

  it('writes what it has after a failed collection, says that it may not be complete, and fails', async () => {
    const failures = [
      {
        kind: 'release' as const,
        message: 'no graph',
        diagnostic: { severity: 'error' as const, code: 'x', summary: 'Write stable-4.16.' },
      },
    ];
    const { code, files, out } = await generate({ failures });
    expect(code).toBe(1);
    expect(files).toHaveLength(2);
    expect(out).toContain('the delete file might not be complete');
    expect(out).toContain('error: Write stable-4.16.');
    expect(out).toContain('[Executor] collection error: no graph');
  });
});

describe('delete --delete-yaml-file', () => {
  async function execute(jobs: Parameters<typeof createWorld>[0]) {
    using world = createWorld(jobs);
    const list = world.write('list.yaml', 'items: []\n');
    return await world.run(
      ...['delete', '--delete-yaml-file', list, '--workspace', `file://${world.directory}`],
      'docker://reg:5000',
    );
  }

  it('counts what was deleted and untagged, and tells what is held', async () => {
    const outcomes = [
      { change: change('delete', 'a'), result: 'done', ms: 1, bytes: 0 },
      { change: change('untag', 'b'), result: 'done', ms: 1, bytes: 0 },
      { change: change('hold', 'c'), result: 'held', detail: 'a tag holds it' },
      { change: change('delete', 'e'), result: 'held', detail: 'the tag was moved' },
      { change: change('mirror', 'd'), result: 'done', ms: 1, bytes: 0 },
    ] as const;
    const { code, out } = await execute({
      jobs: { deleteExecute: async () => ({ result: result(outcomes, 'applied'), refused: [] }) },
    });
    expect(code).toBe(0);
    expect(out).toContain(' ✓  2 / 2 release images deleted successfully');
    expect(out).toContain('held 2: something that is kept needs them');
    expect(out).toContain('📝 Remember to execute a garbage collect');
    expect(out).toContain('delete time     : ');
  });

  it('fails with 1 when one item fails', async () => {
    const outcomes = [
      { change: change('delete', 'a'), result: 'failed', code: 'DENIED', message: 'denied' },
    ] as const;
    const { code, out } = await execute({
      jobs: { deleteExecute: async () => ({ result: result(outcomes, 'partial'), refused: [] }) },
    });
    expect(code).toBe(1);
    expect(out).toContain(' ✗  0 / 1 release images deleted: Some release images failed');
    expect(out).toMatch(
      /1 images were not deleted\. Please review \S+\/logs\/mirroring_errors_\S+\.txt\./,
    );
    expect(out).toMatch(/\[Worker\] error mirroring image docker:\/\/\S+:a error: denied/);
    expect(out).not.toContain('garbage collect');
  });

  it('fails with 1 when an item belongs to another destination', async () => {
    const message = 'delete destination docker://reg does not match values found';
    const { code, out } = await execute({
      jobs: { deleteExecute: async () => ({ result: result([], 'applied'), refused: [message] }) },
    });
    expect(code).toBe(1);
    expect(out).toContain(`[ERROR]  : ${message}`);
  });

  it('forgets in the cache what was deleted, when told to', async () => {
    const outcomes = [{ change: change('delete', 'a'), result: 'done', ms: 1, bytes: 0 }] as const;
    using world = createWorld({
      jobs: {
        deleteExecute: async () => ({ result: result(outcomes, 'applied'), refused: [] }),
        pruneCached: async () => ({ tags: 1, manifests: 2, blobs: 3, bytes: 4_000_000 }),
      },
    });
    const list = world.write('list.yaml', 'x');
    const { code, out } = await world.run(
      ...['delete', '--delete-yaml-file', list, '--force-cache-delete', '--cache-dir', '/c'],
      ...['--workspace', `file://${world.directory}`, 'docker://reg:5000'],
    );
    expect(code).toBe(0);
    expect(out).toContain('cache: 1 tags, 2 manifests and 3 blobs removed, 4.0 MB freed');
    expect(world.calls.at(-1)).toMatchObject({
      job: 'pruneCached',
      words: [{ cache: '/c/.oc-mirror/.cache', target: 'reg:5000', outcomes }],
    });
  });
});
