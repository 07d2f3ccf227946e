import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ReleaseSignature } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { createClusterResources } from '../../src/resources/index.ts';

const options = {
  registry: 'mirror.example.com',
  createdAt: '2026-08-21T10:00:00Z',
  version: 'v1.2.3',
  scope: 'namespace',
} as const;

function signature(release: string, text: string): ReleaseSignature {
  return {
    digest: digestOf(Buffer.from(release)),
    tag: `${release}-x86_64`,
    bytes: Buffer.from(text),
  };
}

function binaryData(...signatures: ReleaseSignature[]): Record<string, string> {
  const files = createClusterResources(
    { images: [], catalogs: [], signatures: signatures },
    options,
  );
  return parse(files.get('signature-configmap.yaml') ?? '').binaryData;
}

describe('the signature ConfigMap', () => {
  it('is the same object as JSON and as YAML', () => {
    const files = createClusterResources(
      { images: [], catalogs: [], signatures: [signature('4.16.5', 'signed')] },
      options,
    );
    const object = JSON.parse(files.get('signature-configmap.json') ?? '');
    expect(parse(files.get('signature-configmap.yaml') ?? '')).toEqual(object);
    expect(object).toMatchObject({
      kind: 'ConfigMap',
      metadata: {
        name: 'mirrored-release-signatures',
        namespace: 'openshift-config-managed',
        labels: { 'release.openshift.io/verification-signatures': '' },
        annotations: { createdBy: 'oc-mirror v2', createdAt: '2026-08-21T10:00:00Z' },
      },
    });
  });

  it('keys each signature by its digest and a number from 1', () => {
    const [first, second] = [signature('4.16.5', 'one'), signature('4.16.5', 'two')];
    const key = first.digest.replace(':', '-');
    expect(binaryData(first, second)).toEqual({
      [`${key}-1`]: Buffer.from('one').toString('base64'),
      [`${key}-2`]: Buffer.from('two').toString('base64'),
    });
  });

  it('does not depend on the order of the releases', () => {
    const [one, other] = [signature('4.16.5', 'one'), signature('4.16.6', 'other')];
    expect(
      createClusterResources({ images: [], catalogs: [], signatures: [one, other] }, options),
    ).toEqual(
      createClusterResources({ images: [], catalogs: [], signatures: [other, one] }, options),
    );
  });

  it('is not written without signatures', () => {
    expect(createClusterResources({ images: [], catalogs: [], signatures: [] }, options).size).toBe(
      0,
    );
  });
});
