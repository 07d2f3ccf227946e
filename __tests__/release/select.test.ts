import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChannelGraph,
  parseReleaseVersion,
  type ReleaseChannel,
  selectFromGraphs,
  selectReleases,
} from '../../src/release/index.ts';

function graph(
  channel: string,
  versions: readonly string[],
  edges: readonly (readonly [string, string])[] = [],
  architecture = 'amd64',
): ChannelGraph {
  return { channel, architecture, versions, edges };
}

function channel(name: string, rest: Partial<ReleaseChannel> = {}): ReleaseChannel {
  return { name, type: 'ocp', ...rest };
}

function chosen(
  channels: readonly ReleaseChannel[],
  graphs: readonly ChannelGraph[],
  architectures: readonly string[] = ['amd64'],
) {
  const { releases, findings } = selectFromGraphs({ channels, architectures }, graphs);
  return {
    versions: releases.map(({ version }) => version).toSorted(),
    codes: findings.map(({ code }) => code),
    releases,
    findings,
  };
}

const line = graph('stable-4.16', ['4.15.9', '4.16.0-rc.1', '4.16.0', '4.16.5', '4.16.10']);

describe('bounds of a channel', () => {
  test.each<[string, Partial<ReleaseChannel>, string[]]>([
    ['none: the latest alone', {}, ['4.16.10']],
    ['none and full: all', { full: true }, [...line.versions].toSorted()],
    ['only a lower: from there on', { minVersion: '4.16.0' }, ['4.16.0', '4.16.10', '4.16.5']],
    ['only an upper: from the first on', { maxVersion: '4.16.0-rc.1' }, ['4.15.9', '4.16.0-rc.1']],
    ['both', { minVersion: '4.16.0', maxVersion: '4.16.5' }, ['4.16.0', '4.16.5']],
    ['both, and neither exists', { minVersion: '4.16.1', maxVersion: '4.16.9' }, ['4.16.5']],
    [
      'a release candidate is below its release',
      { minVersion: '4.16.0-rc.1', maxVersion: '4.16.0' },
      ['4.16.0', '4.16.0-rc.1'],
    ],
  ])('%s', (_, bounds, versions) => {
    expect(chosen([channel('stable-4.16', bounds)], [line])).toMatchObject({ versions, codes: [] });
  });

  test.each(['4.16', 'v4.16.0', '4.16.0 ', '4.16.x', 'latest', '04.16.0'])(
    '%j is no version, and no crash',
    (minVersion) => {
      const found = chosen([channel('stable-4.16', { minVersion })], [line]);
      expect(found).toMatchObject({ versions: [], codes: ['invalid-version'] });
      expect(found.findings[0]).toMatchObject({ severity: 'error', field: 'minVersion' });
    },
  );
});

describe('a shortest path', () => {
  const edges = [
    ['4.16.0', '4.16.1'],
    ['4.16.1', '4.16.3'],
    ['4.16.0', '4.16.2'],
    ['4.16.2', '4.16.3'],
    ['4.16.3', '4.16.4'],
  ] as const;
  const web = graph(
    'stable-4.16',
    ['4.16.0', '4.16.1', '4.16.2', '4.16.3', '4.16.4', '4.16.5'],
    edges,
  );

  test('goes over the newest of equally short endpoints', () => {
    const wanted = { shortestPath: true, minVersion: '4.16.0', maxVersion: '4.16.4' };
    expect(chosen([channel('stable-4.16', wanted)], [web]).versions).toEqual([
      '4.16.0',
      '4.16.2',
      '4.16.3',
      '4.16.4',
    ]);
  });

  test('that does not exist leaves both ends', () => {
    const wanted = { shortestPath: true, minVersion: '4.16.4', maxVersion: '4.16.5' };
    expect(chosen([channel('stable-4.16', wanted)], [web]).versions).toEqual(['4.16.4', '4.16.5']);
  });

  test.each([
    [
      'minVersion',
      { minVersion: '4.16.9', maxVersion: '4.16.4' },
      'VersionNotFound: current version 4.16.9 not found in the "stable-4.16" channel',
    ],
    [
      'maxVersion',
      { minVersion: '4.16.0', maxVersion: '4.16.9' },
      'VersionNotFound: requested version 4.16.9 not found in the "stable-4.16" channel',
    ],
  ] as const)('from or to a version that is not there blames %s', (field, bounds, message) => {
    const { findings } = chosen([channel('stable-4.16', { shortestPath: true, ...bounds })], [web]);
    expect(findings).toMatchObject([{ code: 'version-not-found', field, message }]);
  });
});

describe('several channels', () => {
  const eus = (version: string) =>
    channel(version.startsWith('4.14') ? 'eus-4.14' : 'eus-4.16', {
      minVersion: version,
      maxVersion: version,
    });
  const old = graph(
    'eus-4.14',
    ['4.14.1', '4.14.2', '4.14.3'],
    [
      ['4.14.1', '4.14.3'],
      ['4.14.1', '4.14.2'],
    ],
  );
  const next = graph(
    'eus-4.16',
    ['4.14.3', '4.15.7', '4.16.1', '4.16.2'],
    [
      ['4.14.3', '4.15.7'],
      ['4.15.7', '4.16.2'],
    ],
  );

  test('are joined over the latest version of the lower one', () => {
    const { versions, codes } = chosen([eus('4.14.1'), eus('4.16.2')], [old, next]);
    expect(versions).toEqual(['4.14.1', '4.14.3', '4.15.7', '4.16.2']);
    expect(codes).toEqual([]);
  });

  test('go through the channels between them that exist', () => {
    const between = graph('eus-4.15', ['4.14.3', '4.15.8'], [['4.14.3', '4.15.8']]);
    const later = graph('eus-4.16', ['4.15.8', '4.16.2'], [['4.15.8', '4.16.2']]);
    const { versions } = chosen([eus('4.14.1'), eus('4.16.2')], [old, between, later]);
    expect(versions).toEqual(['4.14.1', '4.14.3', '4.15.8', '4.16.2']);
  });

  test('that do not meet keep what each of them gives, and say so', () => {
    const apart = graph('eus-4.16', ['4.16.1', '4.16.2']);
    const { versions, findings } = chosen([eus('4.14.1'), eus('4.16.2')], [old, apart]);
    expect(versions).toEqual(['4.14.1', '4.14.3', '4.16.2']);
    expect(findings).toMatchObject([
      {
        code: 'no-upgrade-path',
        severity: 'warning',
        message: 'No upgrade path for 4.14.3 in target channel eus-4.16',
      },
    ]);
  });

  test('of one minor are joined inside the target channel', () => {
    const stable = graph('stable-4.16', ['4.16.1']);
    const fast = graph(
      'fast-4.16',
      ['4.16.1', '4.16.2', '4.16.3'],
      [
        ['4.16.1', '4.16.2'],
        ['4.16.2', '4.16.3'],
      ],
    );
    const { versions } = chosen([channel('stable-4.16'), channel('fast-4.16')], [stable, fast]);
    expect(versions).toEqual(['4.16.1', '4.16.2', '4.16.3']);
  });

  const fourth = graph('stable-4.22', ['4.22.3', '4.22.5'], [['4.22.3', '4.22.5']]);
  const between = (name: string, minVersion: string, maxVersion: string) =>
    channel(name, { minVersion, maxVersion });
  const majors = [
    between('stable-4.22', '4.22.3', '4.22.5'),
    between('stable-5.0', '5.0.0', '5.0.2'),
  ];

  test('of two majors are joined by the updates between them', () => {
    const fifth = graph(
      'stable-5.0',
      ['4.22.5', '4.22.8', '5.0.0', '5.0.2'],
      [
        ['4.22.5', '4.22.8'],
        ['4.22.8', '5.0.2'],
      ],
    );
    const { versions, findings } = chosen(majors, [fourth, fifth]);
    expect(versions).toEqual(['4.22.3', '4.22.5', '4.22.8', '5.0.0', '5.0.2']);
    expect(findings).toEqual([]);
  });

  test('of two majors need no release beyond those that are asked for where these join', () => {
    const fifth = graph(
      'stable-5.0',
      ['4.22.3', '4.22.5', '4.23.0', '5.0.0', '5.0.2'],
      [
        ['4.22.3', '4.23.0'],
        ['4.23.0', '5.0.2'],
        ['4.22.5', '5.0.0'],
        ['5.0.0', '5.0.2'],
      ],
    );
    const { versions, findings } = chosen(majors, [fourth, fifth]);
    expect(versions).toEqual(['4.22.3', '4.22.5', '5.0.0', '5.0.2']);
    expect(findings).toEqual([]);
  });

  test('of two majors are joined through the minors between them', () => {
    const last = graph('stable-4.23', ['4.22.5', '4.23.1'], [['4.22.5', '4.23.1']]);
    const first = graph('stable-5.0', ['4.23.1', '5.0.4'], [['4.23.1', '5.0.4']]);
    const second = graph('stable-5.1', ['5.0.4', '5.1.0'], [['5.0.4', '5.1.0']]);
    const wanted = [
      between('stable-4.22', '4.22.3', '4.22.3'),
      between('stable-5.1', '5.1.0', '5.1.0'),
    ];
    const { versions, findings } = chosen(wanted, [fourth, last, first, second]);
    expect(versions).toEqual(['4.22.3', '4.22.5', '4.23.1', '5.0.4', '5.1.0']);
    expect(findings).toEqual([]);
  });

  test('of two majors that no updates join are both mirrored, with a warning', () => {
    const fifth = graph('stable-5.0', ['5.0.0', '5.0.2'], [['5.0.0', '5.0.2']]);
    const { versions, findings } = chosen(majors, [fourth, fifth]);
    expect(versions).toEqual(['4.22.3', '4.22.5', '5.0.0', '5.0.2']);
    expect(findings).toMatchObject([
      {
        code: 'no-upgrade-path',
        severity: 'warning',
        message:
          'No updates lead from 4.22.3 (stable-4.22) to 5.0.2 (stable-5.0); each channel is mirrored by itself',
      },
    ]);
  });

  test('of two majors end their questions where a service knows every channel', async () => {
    const asked: string[] = [];
    const nodes = ['4.22.3', '5.0.0'].flatMap((text) => {
      const version = parseReleaseVersion(text);
      return version ? [{ version, text, payload: text }] : [];
    });
    const wanted = { channels: majors, architectures: ['amd64'] };
    const { findings } = await selectReleases(wanted, async (request) => {
      asked.push(request.channel);
      return { nodes, edges: [] };
    });
    expect(findings).toMatchObject([{ code: 'no-upgrade-path', severity: 'warning' }]);
    expect(asked.length).toBeLessThan(30);
  });

  test('whose names end in no minor cannot be joined', () => {
    const graphs = [graph('stable-4.16', ['4.16.1']), graph('mine', ['4.16.9'])];
    const { findings } = chosen([channel('stable-4.16'), channel('mine')], graphs);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        message: 'error calculating cross channel upgrades: invalid channel name mine',
      },
    ]);
  });

  test('of OKD alone are not joined', () => {
    const graphs = [graph('stable-4', ['4.19.0']), graph('next', ['4.20.0'])];
    const okd = (name: string) => channel(name, { type: 'okd' });
    expect(chosen([okd('stable-4'), okd('next')], graphs).codes).toEqual([]);
  });
});

test('a later architecture is asked for what the first one resolved, and what it lacks is told', () => {
  const graphs = [
    graph('stable-4.16', ['4.16.5', '4.16.6']),
    graph('stable-4.16', ['4.16.5'], [], 'arm64'),
  ];
  const { releases, findings } = chosen([channel('stable-4.16')], graphs, ['amd64', 'arm64']);
  expect(releases.map(({ version, architecture }) => [version, architecture])).toEqual([
    ['4.16.6', 'amd64'],
  ]);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'architecture-lacks-release', architecture: 'arm64' }),
  );
});

const versionText = fc
  .tuple(fc.integer({ min: 14, max: 17 }), fc.integer({ min: 0, max: 9 }))
  .map(([minor, patch]) => `4.${minor}.${patch}`);

test('a range never takes a version outside its bounds and never leaves one inside', () => {
  const versions = fc.uniqueArray(versionText, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(versions, versionText, versionText, (known, minVersion, maxVersion) => {
      const wanted = [channel('stable-4.16', { minVersion, maxVersion })];
      const { versions: taken } = chosen(wanted, [graph('stable-4.16', known)]);
      const within = (text: string): boolean => {
        const [min, it, max] = [minVersion, text, maxVersion].map((one) =>
          parseReleaseVersion(one),
        );
        return !!min && !!it && !!max && min.compare(it) <= 0 && it.compare(max) <= 0;
      };
      expect(taken).toEqual(known.filter(within).toSorted());
    }),
  );
});

test('the wire and the graphs of an earlier run give the same releases', async () => {
  const graphs = [line, graph('stable-4.15', ['4.15.1', '4.15.9'], [['4.15.1', '4.15.9']])];
  const channels = [channel('stable-4.15', { full: true }), channel('stable-4.16')];
  const question = { channels, architectures: ['amd64'] };
  const known = selectFromGraphs(question, graphs);
  const asked: string[] = [];
  const fetched = await selectReleases(question, async ({ channel: name }) => {
    asked.push(name);
    const found = graphs.find((one) => one.channel === name);
    const nodes = (found?.versions ?? []).flatMap((text) => {
      const version = parseReleaseVersion(text);
      return version ? [{ version, text, payload: text }] : [];
    });
    const index = (text: string): number => nodes.findIndex((node) => node.text === text);
    const edges = (found?.edges ?? []).map(([from, to]) => [index(from), index(to)] as const);
    return { nodes, edges };
  });
  expect(fetched).toEqual(known);
  expect(new Set(asked)).toEqual(new Set(['stable-4.15', 'stable-4.16']));
});
