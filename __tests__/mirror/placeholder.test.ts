import { describe, expect, it } from 'vitest';
import { createPlaceholder, emptyBlob } from '../../src/mirror/placeholder.ts';
import { blobsOf, digestOf, parseManifest } from '../../src/oci/index.ts';

const [one, other] = ['one', 'other'].map((text) => digestOf(Buffer.from(text)));
if (!one || !other) throw new Error('no digests');
const digestFor = (place: string, replaced: typeof one) =>
  createPlaceholder(place, replaced).descriptor.digest;

describe('a placeholder', () => {
  it('is the same each time, so that a later run knows it again', () => {
    expect(digestFor('app:v1', one)).toBe(digestFor('app:v1', one));
  });

  it('is shared by no other tag and by no other image', () => {
    const digests = [
      digestFor('app:v1', one),
      digestFor('app:v2', one),
      digestFor('app:v1', other),
    ];
    expect(new Set(digests).size).toBe(3);
  });

  it('is a manifest like any other that names two bytes', () => {
    const { raw } = createPlaceholder('app:v1', one);
    const read = parseManifest(raw);
    expect(blobsOf(read).map(({ digest }) => digest)).toEqual([emptyBlob.descriptor.digest]);
    expect(digestOf(emptyBlob.bytes)).toBe(emptyBlob.descriptor.digest);
    expect(emptyBlob.bytes.byteLength).toBe(emptyBlob.descriptor.size);
  });
});
