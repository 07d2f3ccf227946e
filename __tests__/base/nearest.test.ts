import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from '../../src/base/index.ts';

const known = [
  '3scale-operator',
  'cluster-logging',
  'elasticsearch-operator',
  'job-set',
  'loki-operator',
  'odf-csi-addons-operator',
  'openshift-gitops-operator',
  'openshift-pipelines-operator-rh',
  'stable-4.15',
  'stable-4.16',
];

describe('the nearest names', () => {
  it.each([
    ['jobset', 'job-set'],
    ['logging-cluster', 'cluster-logging'],
    ['openshift-pipelines-operator', 'openshift-pipelines-operator-rh'],
    ['openshift-gitops', 'openshift-gitops-operator'],
    ['gitops-operator', 'openshift-gitops-operator'],
    ['openshift-gitosp-operator', 'openshift-gitops-operator'],
    ['Elasticsearch-Operater', 'elasticsearch-operator'],
    ['loki', 'loki-operator'],
    ['lokioperator', 'loki-operator'],
    ['job-set-operator-bundle', 'job-set'],
    ['loki-operator-bundle', 'loki-operator'],
    ['stabel-4.16', 'stable-4.16'],
  ])('of %s are %s', (unknown, nearest) => {
    expect(nearestNames(unknown, known)).toEqual([nearest]);
  });

  it.each([
    ['quay'],
    [''],
    ['-'],
    ['operator'],
    ['quay-operator'],
    ['odf-operator'],
    ['kiali-operator'],
    ['local-storage-operator'],
    ['openshift-devspaces-operator'],
    ['stable-4.14'],
    ['stable-4.1'],
    ['4.16'],
  ])('of "%s" are none: common words and other numbers make nothing alike', (unknown) => {
    expect(nearestNames(unknown, known)).toEqual([]);
  });

  it.each([
    ['chanels', 'channels'],
    ['min-version', 'minVersion'],
    ['minVerison', 'minVersion'],
    ['additionalimage', 'additionalImages'],
    ['storageConfig', undefined],
    ['version', undefined],
  ])('of the field %s is %s', (misspelt, meant) => {
    const fields = ['channels', 'minVersion', 'maxVersion', 'additionalImages', 'archiveSize'];
    expect(nearestNames(misspelt, fields)[0]).toBe(meant);
  });

  it('demands that short names are the same but for their case', () => {
    expect(nearestNames('odf', ['ocs', 'odr'])).toEqual([]);
    expect(nearestNames('ODF', ['ocs', 'odf'])).toEqual(['odf']);
  });

  it('are few, the likeliest first', () => {
    const many = ['stabil', 'stabel', 'stables', 'stable'];
    expect(nearestNames('Stable', many)).toEqual(['stable', 'stabel', 'stables']);
  });
});

it('counts edits as a distance: none to itself, the same both ways, no shorter by a detour of letters', () => {
  const word = fc.stringMatching(/^[abc]{0,6}$/);
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
  expect(editDistance('ab', 'ba')).toBe(1);
}, 60_000);
