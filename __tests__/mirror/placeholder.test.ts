import { describe, expect, it } from 'vitest';
import { createPlaceholder, emptyBlob } from '../../src/mirror/placeholder.ts';
import { blobsOf, digestOf, parseManifest } from '../../src/oci/index.ts';

const digestFor = (repository: string) => createPlaceholder(repository).descriptor.digest;

describe('a placeholder', () => {
  it('is the same each time, so that a later run knows it again', () => {
    expect(digestFor('team/app')).toBe(digestFor('team/app'));
  });

  it('is another one in another repository', () => {
    expect(digestFor('team/app')).not.toBe(digestFor('team/other'));
  });

  it('is a manifest like any other that names two bytes', () => {
    const { raw } = createPlaceholder('team/app');
    const read = parseManifest(raw);
    expect(blobsOf(read).map(({ digest }) => digest)).toEqual([emptyBlob.descriptor.digest]);
    expect(digestOf(emptyBlob.bytes)).toBe(emptyBlob.descriptor.digest);
    expect(emptyBlob.bytes.byteLength).toBe(emptyBlob.descriptor.size);
  });
});
