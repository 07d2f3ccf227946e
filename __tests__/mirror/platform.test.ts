import { describe, expect, it } from 'vitest';
import { selectChildren } from '../../src/mirror/index.ts';
import { type ImageIndex, parseManifest } from '../../src/oci/index.ts';
import { makeImage } from '../support/images.ts';

type Platform = Readonly<Record<string, string>>;

function indexOf(...platforms: readonly (Platform | undefined)[]): ImageIndex {
  const manifests = platforms.map((platform, number) => ({
    ...makeImage({ seed: `child ${number}` }).manifest.descriptor,
    ...(platform && { platform }),
  }));
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests,
  });
  const index = parseManifest(Buffer.from(text));
  if (index.kind !== 'index') throw new Error('not an index');
  return index;
}

const amd64 = { os: 'linux', architecture: 'amd64' };
const armV6 = { os: 'linux', architecture: 'arm', variant: 'v6' };
const armV7 = { os: 'linux', architecture: 'arm', variant: 'v7' };
const unknown = { os: 'unknown', architecture: 'unknown' };
const index = indexOf(amd64, armV6, armV7, unknown, undefined);
const chosen = (platforms: readonly { os: string; architecture: string }[]) =>
  selectChildren(index, platforms).map((child) => index.manifests.indexOf(child));

describe('the children of an index that are wanted', () => {
  it('are all of them where no platform is named, attestations and unnamed ones too', () => {
    expect(chosen([])).toEqual([0, 1, 2, 3, 4]);
  });

  it('are those of the platforms, whatever their variant', () => {
    expect(chosen([{ os: 'linux', architecture: 'arm' }])).toEqual([1, 2]);
    expect(chosen([armV7, amd64])).toEqual([0, 1, 2]);
  });

  it('do not make up for a platform that is not there: its name and the remedy are told', () => {
    const s390x = { os: 'linux', architecture: 's390x' };
    expect(() => selectChildren(index, [amd64, s390x])).toThrow(
      expect.objectContaining({
        code: 'MANIFEST_INVALID',
        message: expect.stringContaining('linux/s390x'),
        hint: expect.stringContaining('linux/s390x'),
      }),
    );
  });
});
