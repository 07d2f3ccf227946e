import { expect, test } from 'vitest';
import { withOwnTag } from '../../../src/imageset/collectors/release-placements.ts';
import type { ReadRelease } from '../../../src/imageset/collectors/release-reader.ts';
import { digestOf } from '../../../src/oci/index.ts';

function releaseOf(repository: string, architecture: string): ReadRelease {
  const digest = digestOf(Buffer.from(repository));
  const files = new Map<string, Uint8Array>();
  const lists = { components: [], keyFiles: [], clusterPolicies: [], files };
  return {
    source: { registry: 'quay.test', repository, digest },
    origin: `quay.test/${repository}:v1`,
    tag: 'v1',
    version: '1.0.0',
    architecture,
    payload: { ...lists, digest, version: '', isIndex: false, bootImages: undefined },
  };
}

test('two releases that were signed under one tag have a tag of their own each', () => {
  const both = [releaseOf('own/release', 'amd64'), releaseOf('own/release-multi', 'multi')];
  expect(both.map((one) => withOwnTag(one, both).tag)).toEqual(['v1-x86_64', 'v1-multi']);
});

test('a release that is read for two reasons keeps its tag', () => {
  const same = [releaseOf('own/release', 'amd64'), releaseOf('own/release', 'amd64')];
  expect(same.map((one) => withOwnTag(one, same).tag)).toEqual(['v1', 'v1']);
});
