import { describe, expect, it } from 'vitest';
import { createClusterResources, type ResourceImage } from '../../src/resources/index.ts';

const options = {
  registry: 'mirror.example.com:8443',
  scope: 'namespace',
  createdAt: '2026-01-01T00:00:00Z',
  version: '1',
} as const;
const release: ResourceImage = {
  kind: 'ocpRelease',
  origin: 'quay.io/openshift-release-dev/ocp-release:4.16.5-x86_64',
  repository: 'ns/openshift/release-images',
};
const graphImage = { repository: 'ns/openshift/graph-image', tag: 'latest' };

function write(images: readonly ResourceImage[], graph?: typeof graphImage): string | undefined {
  const content = { images, catalogs: [], signatures: [], graphImage: graph };
  return createClusterResources(content, options).get('updateService.yaml');
}

describe('the UpdateService', () => {
  it('names the graph image and the repository of the releases', () => {
    const text = write([release], graphImage);
    expect(text).toContain(
      'graphDataImage: mirror.example.com:8443/ns/openshift/graph-image:latest',
    );
    expect(text).toContain('releases: mirror.example.com:8443/ns/openshift/release-images');
  });

  it('is not written without a graph image, and not without a release', () => {
    expect([write([release]), write([], graphImage)]).toEqual([undefined, undefined]);
  });
});
