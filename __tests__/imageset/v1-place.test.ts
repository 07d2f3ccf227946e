import { describe, expect, it } from 'vitest';
import { type Placement, v1Place } from '../../src/imageset/index.ts';

const hex = '7efeeb8b29872a6f0271f651d7ae02c91daea16d853c50e374c310f044d8c76c';
const origin = `registry.redhat.io/openshift4/ose-kube-rbac-proxy@sha256:${hex}`;

function tagOf(changes: Partial<Placement>): string {
  const placement: Placement = {
    source: { registry: 'registry.redhat.io', repository: 'openshift4/ose-kube-rbac-proxy' },
    target: { repository: 'openshift4/ose-kube-rbac-proxy', tag: `sha256-${hex}` },
    kind: 'operatorRelatedImage',
    origin,
    causes: [],
    ...changes,
  };
  return v1Place(placement).tag;
}

describe('the place of an image that oc-mirror v1 mirrored', () => {
  it('has a hash of the reference for a tag, where an operator needs it', () => {
    expect(tagOf({})).toBe('5574585a');
    expect(tagOf({ kind: 'operatorBundle' })).toBe('5574585a');
  });

  it('has the start of the digest, where the catalog lay on disk', () => {
    const neededBy = [{ catalog: 'oci:///srv/catalog', package: 'op', bundle: 'op.v1' }];
    expect(tagOf({ neededBy })).toBe('7efeeb');
  });

  it('is latest for an additional image and for one of a chart', () => {
    expect(tagOf({ kind: 'generic' })).toBe('latest');
    expect(tagOf({ kind: 'helmImage' })).toBe('latest');
  });

  it('is the same for releases, tags and targetTag', () => {
    const target = { repository: 'a', tag: '1.0' };
    expect(tagOf({ kind: 'generic', target })).toBe('1.0');
    expect(tagOf({ kind: 'ocpReleaseContent' })).toBe(`sha256-${hex}`);
    expect(tagOf({ origin: `${origin.replace('@', ':v1@')}`, target })).toBe('1.0');
  });
});
