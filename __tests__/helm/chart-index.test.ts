import { describe, expect, it } from 'vitest';
import { canonicalVersion, chooseChartVersion } from '../../src/helm/chart-version.ts';
import { parseChartIndex } from '../../src/helm/index.ts';

const index = `apiVersion: v1
entries:
  # every chart
  app:
  - apiVersion: v2
    description: |
      first: line
      entries:
    version: 1.2.0
    urls: [app-1.2.0.tgz]
    digest: sha256:ABC
  - version: 1.10.0
    urls:
    - https://charts.test/app-1.10.0.tgz
  "quoted-lib":
    - version: 0.1
      type: library
generated: "2026-01-01T00:00:00Z"
`;

describe('the index of a chart repository', () => {
  it('names its charts, and the versions of each', () => {
    const { names, versionsOf } = parseChartIndex(index, 'The index');
    expect(names).toEqual(['app', 'quoted-lib']);
    expect(versionsOf('app')).toEqual([
      { name: 'app', version: '1.2.0', urls: ['app-1.2.0.tgz'], digest: 'ABC', isLibrary: false },
      {
        name: 'app',
        version: '1.10.0',
        urls: ['https://charts.test/app-1.10.0.tgz'],
        isLibrary: false,
      },
    ]);
    expect(versionsOf('quoted-lib')).toMatchObject([{ version: '0.1', isLibrary: true }]);
    expect(versionsOf('constructor')).toEqual([]);
  });

  it.each([
    ['JSON', JSON.stringify({ entries: { app: [{ version: '1.0.0', urls: ['a.tgz'] }] } })],
    ['one flow', 'entries: {app: [{version: 1.0.0, urls: [a.tgz]}]}'],
    ['anchors', 'entries:\n  base: &x\n  - version: 1.0.0\n    urls: [a.tgz]\n  app: *x\n'],
    [
      'anchors of versions',
      'entries:\n  base:\n  - &x\n    version: 1.0.0\n    urls: [a.tgz]\n  app:\n  - *x\n',
    ],
  ])('may be written as %s', (_, text) => {
    expect(parseChartIndex(text, 'The index').versionsOf('app')).toMatchObject([
      { version: '1.0.0', urls: ['a.tgz'] },
    ]);
  });

  it('of one broken chart still gives the others', () => {
    const { versionsOf } = parseChartIndex(
      'entries:\n  bad:\n  - version: [\n  good:\n  - version: 1.0.0\n',
      'The index',
    );
    expect(versionsOf('good')).toHaveLength(1);
    expect(() => versionsOf('bad')).toThrow(/The index is not valid YAML/);
  });

  it.each(['<html></html>', 'entries: 7', '', '- a'])('is refused when it is none: %j', (text) => {
    expect(() => parseChartIndex(text, 'The index')).toThrow(/The index is no/);
  });
});

describe('the version of a chart', () => {
  const versions = ['1.2.0', '1.10.0', 'v2.0.0', '2.1.0-rc.1', 'odd'].map((version) => ({
    version,
  }));

  it.each([
    ['1.2.0', '1.2.0'],
    ['', 'v2.0.0'],
    ['^1.0.0', '1.10.0'],
    ['>= 1.0.0, < 1.5.0', '1.2.0'],
    ['2.0.0', 'v2.0.0'],
    ['>2.0.0-0', '2.1.0-rc.1'],
    ['odd', 'odd'],
    ['9.9.9', undefined],
    ['nonsense?', undefined],
  ])('%j is chosen as Helm does', (wanted, chosen) => {
    expect(chooseChartVersion(versions, wanted)?.version).toBe(chosen);
  });

  it('is written in file names without a "v" and with all its parts', () => {
    expect(['v1.2', '1.2.3+b.1', 'x'].map(canonicalVersion)).toEqual([
      '1.2.0',
      '1.2.3+b.1',
      undefined,
    ]);
  });
});
