import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../src/catalog/filter/index.ts';

const known = [
  '3scale-operator',
  'cluster-logging',
  'elasticsearch-operator',
  'job-set',
  'loki-operator',
  'openshift-gitops-operator',
  'openshift-pipelines-operator-rh',
];

describe('the nearest names', () => {
  it.each([
    ['jobset', 'job-set'],
    ['logging-cluster', 'cluster-logging'],
    ['openshift-pipelines-operator', 'openshift-pipelines-operator-rh'],
    ['openshift-gitops', 'openshift-gitops-operator'],
    ['Elasticsearch-Operater', 'elasticsearch-operator'],
  ])('of %s begin with %s', (unknown, nearest) => {
    expect(nearestNames(unknown, known)[0]).toBe(nearest);
  });

  it('are none when nothing is alike', () => {
    expect(nearestNames('quay', known)).toEqual([]);
    expect(nearestNames('', known)).toEqual([]);
  });

  it('are few', () => {
    const many = Array.from({ length: 20 }, (_, index) => `stable-5.${index}`);
    expect(nearestNames('stable-5', many)).toHaveLength(3);
  });
});
