import { describe, expect, test } from 'vitest';
import { parseImageSpec, pullSource } from '../../src/imageset/index.ts';

const hex = 'db87'.repeat(16);

describe('an image of a configuration', () => {
  test.each([
    ['registry.redhat.io/ubi8/ubi:latest', 'registry.redhat.io', 'ubi8/ubi', 'latest', undefined],
    [`docker://localhost:5000/ubi8/ubi@sha256:${hex}`, 'localhost:5000', 'ubi8/ubi', '', hex],
    [
      `gcr.io/kubebuilder/proxy:v0.13.1@sha256:${hex}`,
      'gcr.io',
      'kubebuilder/proxy',
      'v0.13.1',
      hex,
    ],
    ['oci:///srv/ubi8/ubi', '', '/srv/ubi8/ubi', '', undefined],
    ['abcde:latest', '', 'abcde', 'latest', undefined],
  ])('%s', (text, domain, path, tag, digest) => {
    expect(parseImageSpec(text)).toMatchObject({
      domain,
      path,
      tag,
      digest: digest && `sha256:${digest}`,
    });
  });

  test.each([
    ['whatever', 'whatever unable to parse image correctly : tag and digest are empty'],
    [
      'localhost:5000/ubi',
      'localhost:5000/ubi unable to parse image correctly : tag and digest are empty',
    ],
    ['quay.io/a@sha256:12', 'quay.io/a@sha256:12 unable to parse image correctly : invalid digest'],
    [
      `quay.io/a@md5:${hex}`,
      `quay.io/a@md5:${hex} unable to parse image correctly : invalid digest`,
    ],
    ['', 'unknown image : reference name is empty'],
    [':tag', 'unknown image : reference name is empty'],
    ['a://b://c', 'unknown image : reference name is empty'],
  ])('%j is refused in the words of oc-mirror', (text, message) => {
    expect(() => parseImageSpec(text)).toThrow(message);
  });
});

describe('a name without a host', () => {
  test.each([
    ['alpine:3', 'docker.io', 'library/alpine'],
    ['ubi8/ubi:1', 'docker.io', 'ubi8/ubi'],
    ['localhost/ubi:1', 'localhost', 'ubi'],
    ['mirror:5000/ubi:1', 'mirror:5000', 'ubi'],
    ['quay.io/ubi:1', 'quay.io', 'ubi'],
  ])('%s is pulled from where all tools pull it', (text, registry, repository) => {
    expect(pullSource(parseImageSpec(text))).toMatchObject({ registry, repository });
  });
});
