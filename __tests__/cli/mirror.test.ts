import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UseCases } from '../../src/cli/index.ts';
import { CancelledError, ConfigError, ContentError, RegistryError } from '../../src/errors.ts';
import {
  type CollectionFailure,
  type ContentKind,
  loadImageSet,
} from '../../src/imageset/index.ts';
import type { Listener, MirrorReport } from '../../src/run/index.ts';
import {
  change,
  createWorld,
  goodReport,
  imageSetText,
  type TestWorld,
  type WorldChanges,
} from './world.ts';

const timeZone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  process.env['TZ'] = timeZone;
});

/** Runs a mirror to mirror that gives this report. */
async function mirror(world: TestWorld, ...flags: string[]) {
  const config = world.write('isc.yaml', imageSetText);
  const workspace = `file://${world.directory}`;
  return world.run('-c', config, '--workspace', workspace, ...flags, 'docker://reg:5000/ns');
}

function reporting(
  report: Partial<MirrorReport>,
  tell: (listener: Listener) => void = () => {},
): Pick<UseCases, 'mirror'> {
  return {
    async mirror(_settings, _request, listener) {
      tell(listener);
      return { ...goodReport, ...report };
    },
  };
}

function failure(kind: ContentKind, message: string): CollectionFailure {
  return { kind, message, diagnostic: { severity: 'error', code: 'x', summary: message } };
}

/** The time that a command line leaves to each image. */
async function imageTimeoutOf(...flags: string[]): Promise<number | undefined> {
  const seen: (number | undefined)[] = [];
  using world = createWorld({
    jobs: {
      async mirror({ imageTimeoutMs }) {
        seen.push(imageTimeoutMs);
        return goodReport;
      },
    },
  });
  await mirror(world, ...flags);
  return seen[0];
}

async function codeOf(report: Partial<MirrorReport>, ...flags: string[]): Promise<number> {
  using world = createWorld({ jobs: reporting(report) });
  return (await mirror(world, ...flags)).code;
}

function tellStory(listener: Listener): void {
  listener({ type: 'collecting', kind: 'release' });
  listener({ type: 'phase', phase: 'mirror', total: 2 });
  const outcomes = [
    { change: change('mirror', 'cli'), result: 'done', ms: 900, bytes: 18_200_000 },
    {
      change: change('mirror', 'etcd'),
      result: 'failed',
      code: 'NOT_FOUND',
      side: 'source',
      message: 'no such manifest',
    },
  ] as const;
  outcomes.forEach((outcome, index) => {
    listener({ type: 'outcome', outcome, index, total: 2 });
  });
  listener({ type: 'phase', phase: 'done', total: 0 });
}

describe('mirroring', () => {
  it('tells its story in the words that people grep', async () => {
    using world = createWorld({
      jobs: reporting(
        {
          counts: [{ kind: 'release', collected: 2, copied: 1 }],
          imageFailures: [
            { kind: 'release', origin: 'quay.io/ocp/art:etcd', message: 'no such manifest' },
          ],
          pinned: [{ imageSet: 'isc', deleteImageSet: 'disc' }],
        },
        tellStory,
      ),
    });
    const { code, out, err } = await mirror(world);
    expect(err).toBe('');
    expect(code).toBe(2);
    const transcript = out.replaceAll(world.directory, '/ws');
    const golden = new URL('../golden/cli-mirror.txt', import.meta.url);
    expect(transcript).toBe(readFileSync(golden, 'utf8'));
    expect(world.read('working-dir/logs/oc-mirror-20260821_100000.log')).toBe(out);
  });

  it('names each collected release and catalog in the words of oc-mirror', async () => {
    const origin = 'quay.io/openshift-release-dev/ocp-release:4.16.6-x86_64';
    const catalog = 'registry.redhat.io/redhat/redhat-operator-index:v4.16';
    const jobs: Partial<UseCases> = {
      async mirror({ log }) {
        log.event?.({ kind: 'release-collected', origin });
        log.event?.({ kind: 'catalog-collected', origin: catalog });
        return goodReport;
      },
    };
    using world = createWorld({ jobs });
    const { out } = await mirror(world);
    expect(out).toContain(`Success collecting release ${origin}\n`);
    expect(out).toContain(`Collected catalog ${catalog}\n`);
  });

  it('creates the directories of oc-mirror’s workspace and keeps what lies there', async () => {
    using world = createWorld({ jobs: reporting({}) });
    await mirror(world);
    world.write('working-dir/signatures/kept', 'x');
    await mirror(world);
    expect(world.list('working-dir')).toEqual([
      'cluster-resources',
      'helm',
      'hold-release',
      'logs',
      'operator-catalogs',
      'release-images',
      'signatures',
    ]);
    expect(world.list('working-dir/helm')).toEqual(['charts', 'indexes']);
    expect(world.list('working-dir/signatures')).toEqual(['kept']);
  });

  it('writes the cluster resources of this run and of no other', async () => {
    using world = createWorld({ jobs: reporting({}) });
    await mirror(world);
    world.write('working-dir/cluster-resources/cs-old.yaml', '');
    await mirror(world);
    expect(world.list('working-dir/cluster-resources')).toEqual([
      'idms-oc-mirror.yaml',
      'itms-oc-mirror.yaml',
    ]);
  });

  it('writes the pinned configurations, one pair for each image set', async () => {
    const pinned = ['a', 'b'].map((name) => ({
      imageSet: `isc ${name}`,
      deleteImageSet: `disc ${name}`,
    }));
    using world = createWorld({ jobs: reporting({ pinned }) });
    await mirror(world);
    const stamp = '2026-08-21T10:00:00Z';
    expect(world.list('working-dir').filter((name) => name.includes('pinned'))).toEqual([
      `disc_pinned_${stamp}-2.yaml`,
      `disc_pinned_${stamp}.yaml`,
      `isc_pinned_${stamp}-2.yaml`,
      `isc_pinned_${stamp}.yaml`,
    ]);
    expect(world.read(`working-dir/disc_pinned_${stamp}-2.yaml`)).toBe('disc b');
  });

  it('lists what failed in a file', async () => {
    const imageFailures = [
      {
        kind: 'additional' as const,
        origin: 'q.io/a:1',
        message: 'gone\nfor good',
        hint: 'Mend it.',
      },
    ];
    using world = createWorld({
      jobs: reporting({ counts: [{ kind: 'additional', collected: 1, copied: 0 }], imageFailures }),
    });
    const { out, code } = await mirror(world);
    expect(code).toBe(8);
    expect(world.read('working-dir/logs/mirroring_errors_20260821_100000.txt')).toBe(
      'error mirroring image q.io/a:1 error: gone for good Mend it.\n',
    );
    expect(out).toContain('[Worker] some errors occurred during the mirroring.');
  });
});

describe('--image-timeout', () => {
  it.each([
    [60_000, ['--image-timeout', '1m']],
    [undefined, ['--image-timeout', '0']],
    [undefined, ['--image-timeout=-1s']],
    [undefined, []],
  ])('leaves an image %s ms with %j', async (ms, flags) => {
    expect(await imageTimeoutOf(...flags)).toBe(ms);
  });
});

describe('the exit code', () => {
  it('is 0 when everything lies in the target', async () => {
    expect(await codeOf({})).toBe(0);
  });

  it.each([
    ['release', 2],
    ['operator', 4],
    ['additional', 8],
    ['helm', 16],
  ] as const)('of a missing %s image is %d', async (kind, code) => {
    expect(await codeOf({ counts: [{ kind, collected: 2, copied: 1 }] })).toBe(code);
    expect(await codeOf({ failures: [failure(kind, 'x')] })).toBe(code);
  });

  it('joins the bits of several kinds', async () => {
    const counts = (['operator', 'helm'] as const).map((kind) => ({
      kind,
      collected: 1,
      copied: 0,
    }));
    expect(await codeOf({ counts })).toBe(20);
    expect(await codeOf({ failures: [failure('operator', 'a'), failure('helm', 'b')] })).toBe(20);
  });

  it('is that of the release alone when no release could be collected', async () => {
    expect(await codeOf({ failures: [failure('helm', 'a'), failure('release', 'b')] })).toBe(2);
  });

  it('of a dry run does not count images', async () => {
    expect(await codeOf({ counts: [{ kind: 'helm', collected: 2, copied: 0 }] }, '--dry-run')).toBe(
      0,
    );
    expect(await codeOf({ failures: [failure('helm', 'a')] }, '--dry-run')).toBe(16);
  });

  it('is 1 when there is nothing to copy', async () => {
    expect(await codeOf({ counts: [] })).toBe(1);
  });

  it.each([
    new ConfigError('CONFIG_INVALID', 'unknown field "x"'),
    new RegistryError('UNAUTHORIZED', 'checking registry "reg" access: 401'),
    new TypeError('undefined is not a function'),
  ])('is 1 when the job throws %s', async (error) => {
    using world = createWorld({ jobs: { mirror: () => Promise.reject(error) } });
    const { code, out } = await mirror(world);
    expect(code).toBe(1);
    expect(out).toContain(`[Executor] ${error.message}`);
  });
});

describe('a collection that failed', () => {
  it('copies nothing and names every cause', async () => {
    using world = createWorld({
      jobs: reporting({ failures: [failure('operator', 'no host'), failure('helm', 'no file')] }),
    });
    const { out } = await mirror(world);
    expect(out).toContain('[Executor] collection error: no host\nno file');
    expect(out).not.toContain('=== Results ===');
  });

  it("shows where and how to mend it before oc-mirror's own words", async () => {
    const at = { file: 'isc.yaml', line: 7, column: 9 };
    const told = { code: 'operator-empty-range', summary: 'Empty.', detail: 'Why.', fix: 'min: 1' };
    const diagnostic = { severity: 'error', ...told, at } as const;
    const one = { ...failure('operator', 'collect catalog "x": no'), diagnostic };
    const both = { severity: 'error', code: 'x', summary: 'Once.' } as const;
    const failures = [one, { ...failure('operator', 'other'), diagnostic: both }];
    using world = createWorld({ jobs: reporting({ failures, diagnostics: [both] }) });
    const { out, code } = await mirror(world);
    expect(code).toBe(4);
    expect(out).toContain('isc.yaml:7:9: error: Empty. Why.');
    expect(out).toContain('min: 1');
    expect(out.match(/error: Once\./g)).toHaveLength(1);
    const last = out.indexOf('[Executor] collection error: collect catalog "x": no');
    expect(last).toBeGreaterThan(out.indexOf('isc.yaml:7:9'));
  });
});

describe('a configuration', () => {
  async function withConfig(text: string, jobs: WorldChanges['jobs'] = {}) {
    using world = createWorld({ jobs });
    const ran = await world.run(
      ...['-c', world.write('isc.yaml', text), '--workspace', `file://${world.directory}`],
      'docker://reg',
    );
    return { ...ran, calls: world.calls };
  }

  it.each([
    [`${imageSetText}  foo: 1\n`, 'unknown field "foo"'],
    ['kind: DeleteImageSetConfiguration\n', 'cannot parse "DeleteImageSetConfiguration"'],
  ])(
    'that oc-mirror refuses is refused in its words, before anything is mirrored',
    async (text, refusal) => {
      const { code, out, calls } = await withConfig(text);
      expect({ code, calls }).toEqual({ code: 1, calls: [] });
      expect(out).toContain('[Executor] ');
      expect(out).toContain(refusal);
    },
  );

  it('has its findings told once, although two layers report them', async () => {
    const text = `${imageSetText}  samples: [{ name: x }]\n`;
    const { out } = await withConfig(text, {
      async mirror(_settings, { files }) {
        const diagnostics = files.flatMap(
          (file) => loadImageSet(file, 'ImageSetConfiguration').diagnostics,
        );
        return { ...goodReport, diagnostics };
      },
    });
    expect(out.match(/isc\.yaml:6:\d+: /g)).toHaveLength(1);
  });

  it('that does not exist is named', async () => {
    using world = createWorld();
    const { code, out } = await world.run(
      ...['-c', '/none.yaml', '--workspace', `file://${world.directory}`, 'docker://reg'],
    );
    expect(code).toBe(1);
    expect(out).toContain(
      '[Executor] could not parse config: open /none.yaml: no such file or directory',
    );
  });
});

describe('a dry run', () => {
  const mapping = [
    {
      source: 'docker://q.io/a/b:1',
      destination: 'docker://reg:5000/a/b:1',
      children: ['sha256:11', 'sha256:22'],
    },
    {
      source: 'docker://q.io/c@sha256:33',
      destination: 'docker://reg:5000/c:sha256-33',
      children: ['sha256:44'],
    },
  ];
  const lines = [
    'docker://q.io/a/b:1=docker://reg:5000/a/b:1',
    'docker://q.io/a/b:1@sha256:11=docker://reg:5000/a/b@sha256:11',
    'docker://q.io/a/b:1@sha256:22=docker://reg:5000/a/b@sha256:22',
    'docker://q.io/c@sha256:33=docker://reg:5000/c:sha256-33',
    'docker://q.io/c@sha256:44=docker://reg:5000/c@sha256:44',
    '',
  ].join('\n');

  it('writes the mapping and the cluster resources, and nothing of an earlier one stays', async () => {
    using world = createWorld({ jobs: reporting({ mapping }) });
    await mirror(world, '--dry-run');
    world.write('working-dir/dry-run/missing.txt', 'old');
    const { code, out } = await mirror(world, '--dry-run-manifest-lists');
    expect(code).toBe(0);
    expect(world.list('working-dir/dry-run')).toEqual(['mapping.txt']);
    expect(world.read('working-dir/dry-run/mapping.txt')).toBe(lines);
    expect(world.list('working-dir/cluster-resources')).toContain('idms-oc-mirror.yaml');
    expect(out).toContain(
      `list of all images for mirroring in : ${world.directory}/working-dir/dry-run/mapping.txt`,
    );
  });

  it('to disk lists what the cache lacks, and says how much it has', async () => {
    using world = createWorld({
      jobs: reporting({ mapping, missing: mapping.slice(0, 1) }),
      env: { HOME: '/home/u' },
    });
    const config = world.write('isc.yaml', imageSetText);
    const { code, out } = await world.run('-c', config, '--dry-run', `file://${world.directory}`);
    expect(code).toBe(0);
    const [first = ''] = lines.split('\n');
    expect(world.read('working-dir/dry-run/missing.txt').split('\n')[0]).toBe(first);
    expect(out).toContain('⚠️  1/2 images necessary for mirroring are not available in the cache.');
    expect(out).toContain('missing.txt.\nplease re-run the mirror to disk process\n');
    expect(out).toContain('all 1 images required for mirroring are available in local cache.');
    const cache = '/home/u/.oc-mirror/.cache';
    expect(world.calls.find(({ job }) => job === 'mirror')?.words).toMatchObject([
      { target: 'localhost:55000' },
      { dryRun: 'mapping', destination: 'disk', toDisk: { cache, directory: world.directory } },
      {},
    ]);
  });
});

describe('mirroring over a disk', () => {
  const archive = {
    ...{ stream: 'isc', generation: 2, base: 1, blobs: 3, bytes: 2_000_000_000, assumed: 5 },
    paths: ['/d/mirror_000001.tar'],
    large: [{ name: 'blob', size: 1_900_000_000 }],
    neededSize: 2,
  };

  it('tells which archive was written, and writes no cluster resources', async () => {
    using world = createWorld({ jobs: reporting({ archive }) });
    const config = world.write('isc.yaml', imageSetText);
    const flags = ['--since', '2026-01-01', '--strict-archive', '--cache-dir', '/c'];
    const { code, out } = await world.run('-c', config, ...flags, `file://${world.directory}`);
    expect(code).toBe(0);
    expect(out).toContain('archived generation 2 of "isc": 3 blobs, 2.0 GB; it builds on gen');
    expect(out).toContain('Please consider updating archiveSize to at least 2');
    expect(world.list('working-dir/cluster-resources')).toEqual([]);
    expect(world.calls.find(({ job }) => job === 'mirror')?.words[1]).toMatchObject({
      toDisk: {
        cache: '/c/.oc-mirror/.cache',
        since: '2026-01-01',
        large: 'refuse',
        stream: 'isc',
      },
    });
  });

  it('pins a configuration only where no image is missing in the archive', async () => {
    const pinned = [{ imageSet: 'isc', deleteImageSet: 'disc' }];
    const lost = { kind: 'additional', origin: 'q.io/a:1', message: 'gone' } as const;
    const pins = async (report: Partial<MirrorReport>) => {
      using world = createWorld({ jobs: reporting({ archive, pinned, ...report }) });
      const config = world.write('isc.yaml', imageSetText);
      await world.run('-c', config, `file://${world.directory}`);
      return world.list('working-dir').filter((name) => name.includes('pinned')).length;
    };
    expect(await pins({})).toBe(2);
    expect(await pins({ imageFailures: [lost] })).toBe(0);
  });

  it.each([
    ['ARCHIVE_MISSING', 'no tar archives matching "mirror_[0-9]{6}\\\\.tar" found in "/d"'],
    ['ARCHIVE_EMPTY', 'empty archive file "/d"'],
    ['ARCHIVE_SIZE', 'maxArchiveSize 1 GiB is too small compared to sizes of files'],
  ] as const)('says in the words that people grep for that it is %s', async (problem, message) => {
    const mirrorJob = async () => {
      throw new ContentError(problem, 'x', { actual: '/d', expected: '1 GiB', hint: 'Do this.' });
    };
    using world = createWorld({ jobs: { mirror: mirrorJob } });
    const config = world.write('isc.yaml', imageSetText);
    const from = ['--from', `file://${world.directory}`];
    const { code, out } = await world.run('-c', config, ...from, 'docker://reg:5000');
    expect(code).toBe(1);
    expect(out).toContain(message);
    expect(out).toContain('Do this.');
  });
});

describe('a run that is cancelled while it collects', () => {
  it('ends with one line, and tells nothing that it did not read', async () => {
    const controller = new AbortController();
    const diagnostic = { severity: 'error', code: 'x', summary: 'No graph.' } as const;
    using world = createWorld({
      signal: controller.signal,
      jobs: {
        async mirror() {
          controller.abort(new CancelledError());
          return {
            ...goodReport,
            failures: [{ kind: 'release', message: 'no graph', diagnostic }],
          };
        },
      },
    });
    const flags = ['-c', world.write('isc.yaml', imageSetText)];
    const workspace = `file://${world.directory}`;
    const { code, out, err } = await world.run(...flags, '--workspace', workspace, 'docker://reg');
    expect([code, err]).toEqual([130, '']);
    expect(out).not.toMatch(/graph/i);
    expect(out).toMatch(/Cancelled; run again to continue\.\n$/);
  });
});
