import { describe, expect, it } from 'vitest';
import { createClusterResources, type ResourceImage } from '../../src/resources/index.ts';
import { parseSignatureFile } from '../../src/trust/registries-d.ts';

const options = {
  registry: 'mirror.example.com:8443',
  scope: 'namespace',
  createdAt: '2026-01-01T00:00:00Z',
  version: '1',
} as const;
const image = (kind: ResourceImage['kind']): ResourceImage => ({
  kind,
  origin: `quay.io/a/b@sha256:${'1'.repeat(64)}`,
  repository: 'a/b',
});
const write = (...kinds: readonly ResourceImage['kind'][]) => {
  const content = { images: kinds.map(image), catalogs: [], signatures: [] };
  return createClusterResources(content, options).get('registries-d-sigstore.txt');
};

describe('the file of registries.d', () => {
  it('lets containers look for the signatures of the mirror', () => {
    const text = write('generic', 'signature') ?? '';
    expect(parseSignatureFile(text, 'mirror.yaml').scopes).toEqual([
      ['mirror.example.com:8443', { useAttachments: true }],
    ]);
  });

  it('is not written for a mirror without signatures', () => {
    expect(write('generic')).toBeUndefined();
  });
});
