import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type DigestedWish, filterDigest } from '../../../src/catalog/filter/index.ts';
import type { Digest } from '../../../src/oci/index.ts';

const digest = 'sha256:f30638f60452062aba36a26ee6c036feead2f03b28f2c47f2b0a991e41baebea' as Digest;
const index = 'registry.redhat.io/redhat/redhat-operator-index';
const catalog = `${index}:v4.18`;

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

describe('the digest of a filter', () => {
  it.each<[DigestedWish, string, string]>([
    [{ catalog, packages: [{ name: 'op1' }] }, index, 'b6db5253b0a8b995840d4d6b5a8aefca'],
    [{ catalog }, index, '94563f14d54e0ea1d600fa8c002c204b'],
    [
      { catalog, packages: [{ name: 'op1' }], full: true },
      'registry.redhat.io/redhat/certified-operators',
      '37e8b17cf0089fb1de93893cfb41dbfb',
    ],
  ])('is the one that oc-mirror gives: %#', (wish, name, expected) => {
    expect(filterDigest(wish, name, digest)).toBe(expected);
  });

  it('covers every key in the order of oc-mirror, and leaves out what is empty', () => {
    const wish: DigestedWish = {
      platforms: [{ architecture: 'arm64', os: 'linux' }],
      skipDependencies: true,
      full: false,
      catalog,
      packages: [
        {
          maxVersion: '2.0.0',
          minVersion: '1.0.0',
          defaultChannel: 'b',
          channels: [{ maxVersion: '', minVersion: '1.1.0', name: 'b' }],
          name: 'op<1>',
        },
        { name: 'op2', channels: [], defaultChannel: '' },
      ],
    };
    const text = `{"packages":[{"name":"op\\u003c1\\u003e","channels":[{"name":"b","minVersion":"1.1.0"}],"defaultChannel":"b","minVersion":"1.0.0","maxVersion":"2.0.0"},{"name":"op2"}],"catalog":"${index}@${digest}","skipDependencies":true,"platforms":[{"os":"linux","architecture":"arm64"}]}`;
    expect(filterDigest(wish, index, digest)).toBe(md5(text));
  });

  it('tells an empty list of packages from none', () => {
    const text = `{"packages":[],"catalog":"${index}@${digest}"}`;
    expect(filterDigest({ catalog, packages: [] }, index, digest)).toBe(md5(text));
  });
});
