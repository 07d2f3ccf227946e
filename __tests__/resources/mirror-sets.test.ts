import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  type ClusterResourceOptions,
  createClusterResources,
  type ResourceImage,
} from '../../src/resources/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const options: ClusterResourceOptions = {
  registry: 'mirror.example.com:8443',
  createdAt: '2026-08-21T10:00:00Z',
  version: 'v1.2.3',
  scope: 'namespace',
};

const release: ResourceImage = {
  origin: 'quay.io/openshift-release-dev/ocp-release:4.16.5-x86_64',
  kind: 'ocpRelease',
  repository: 'ns/openshift/release-images',
};
const component: ResourceImage = {
  origin: `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${digest}`,
  kind: 'ocpReleaseContent',
  repository: 'ns/openshift/release',
};

function generic(origin: string, repository: string): ResourceImage {
  return { origin, kind: 'generic', repository };
}

interface Entry {
  readonly source: string;
  readonly mirrors: readonly string[];
}

function entries(
  images: readonly ResourceImage[],
  file: string,
  changed: Partial<ClusterResourceOptions> = {},
): Entry[] {
  const text =
    createClusterResources(
      { images: images, catalogs: [], signatures: [] },
      { ...options, ...changed },
    ).get(file) ?? '';
  return parseAllDocuments(text).flatMap((document) => {
    const { spec } = document.toJS() as { spec: Record<string, Entry[]> };
    return Object.values(spec).flat();
  });
}

const digests = (images: readonly ResourceImage[], changed?: Partial<ClusterResourceOptions>) =>
  entries(images, 'idms-oc-mirror.yaml', changed);
const tags = (images: readonly ResourceImage[]) => entries(images, 'itms-oc-mirror.yaml');

describe('mirror sets', () => {
  it('are written the way oc-mirror writes them', () => {
    expect(
      createClusterResources(
        { images: [release, component], catalogs: [], signatures: [] },
        options,
      ).get('idms-oc-mirror.yaml'),
    ).toBe(`---
apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  annotations:
    createdAt: "2026-08-21T10:00:00Z"
    createdBy: oc-mirror v2
    oc-mirror_version: v1.2.3
  name: idms-release-0
spec:
  imageDigestMirrors:
  - mirrors:
    - mirror.example.com:8443/ns/openshift/release-images
    source: quay.io/openshift-release-dev/ocp-release
  - mirrors:
    - mirror.example.com:8443/ns/openshift/release
    source: quay.io/openshift-release-dev/ocp-v4.0-art-dev
`);
  });

  it('serve the release image by digest and by tag, a component by digest only', () => {
    expect(tags([release, component]).map((entry) => entry.source)).toEqual([
      'quay.io/openshift-release-dev/ocp-release',
    ]);
    expect(digests([release, component])).toHaveLength(2);
  });

  it('serve an image with tag and digest in both', () => {
    const both = generic(`quay.io/a/b:1@${digest}`, 'a/b');
    expect(digests([both])).toEqual([
      { source: 'quay.io/a', mirrors: ['mirror.example.com:8443/a'] },
    ]);
    expect(tags([both])).toEqual(digests([both]));
  });

  it('cover a namespace where the target kept the path', () => {
    expect(
      digests([generic(`registry.redhat.io/ubi8-minimal@${digest}`, 'ns/ubi8-minimal')]),
    ).toEqual([{ source: 'registry.redhat.io', mirrors: ['mirror.example.com:8443/ns'] }]);
  });

  it('compare path components, not characters', () => {
    expect(digests([generic(`registry.redhat.io/ubi8@${digest}`, 'foo/barubi8')])).toEqual([
      { source: 'registry.redhat.io/ubi8', mirrors: ['mirror.example.com:8443/foo/barubi8'] },
    ]);
  });

  it('do not take a longer source path for a kept one', () => {
    expect(digests([generic(`quay.io/a/b/c@${digest}`, 'c')])).toEqual([
      { source: 'quay.io/a/b/c', mirrors: ['mirror.example.com:8443/c'] },
    ]);
  });

  it('keep the port of a source out of the tag', () => {
    expect(digests([generic(`host:5000/a/b@${digest}`, 'a/b')])[0]?.source).toBe('host:5000/a');
    expect(tags([generic(`host:5000/a/b@${digest}`, 'a/b')])).toEqual([]);
  });

  it('name whole repositories when paths were shortened', () => {
    expect(digests([generic(`quay.io/a/b@${digest}`, 'a/b')], { scope: 'repository' })).toEqual([
      { source: 'quay.io/a/b', mirrors: ['mirror.example.com:8443/a/b'] },
    ]);
  });

  it('name an image without host as it is', () => {
    expect(tags([generic('abcde:latest', 'abcde')])).toEqual([
      { source: 'abcde', mirrors: ['mirror.example.com:8443/abcde'] },
    ]);
  });

  it('leave out an image of a directory, from which no cluster pulls', () => {
    const images = [generic('oci:///srv/images/app', 'srv/images/app')];
    expect(createClusterResources({ images, catalogs: [], signatures: [] }, options).size).toBe(0);
  });

  it('gather the mirrors of one source', () => {
    const images = [
      generic(`quay.io/a/b@${digest}`, 'z/a/b'),
      generic(`quay.io/a/c@${digest}`, 'a/c'),
      generic(`quay.io/a/b@${digest}`, 'z/a/b'),
    ];
    expect(digests(images)).toEqual([
      {
        source: 'quay.io/a',
        mirrors: ['mirror.example.com:8443/a', 'mirror.example.com:8443/z/a'],
      },
    ]);
  });

  it('put each category into a document of its own and leave catalogs and graphs out', () => {
    const images: ResourceImage[] = [
      { origin: `q.io/h/i@${digest}`, kind: 'helmImage', repository: 'h/i' },
      { origin: `q.io/o/b@${digest}`, kind: 'operatorBundle', repository: 'o/b' },
      { origin: `q.io/o/c@${digest}`, kind: 'operatorCatalog', repository: 'x/c' },
      { origin: `q.io/g/g@${digest}`, kind: 'cincinnatiGraph', repository: 'x/g' },
      component,
    ];
    const text =
      createClusterResources({ images: images, catalogs: [], signatures: [] }, options).get(
        'idms-oc-mirror.yaml',
      ) ?? '';
    expect(text.match(/name: .*/g)).toEqual([
      'name: idms-release-0',
      'name: idms-operator-0',
      'name: idms-generic-0',
    ]);
    expect(text).not.toMatch(/x\/[cg]/);
  });

  it('are absent when nothing was mirrored', () => {
    expect(createClusterResources({ images: [], catalogs: [], signatures: [] }, options).size).toBe(
      0,
    );
  });

  it('do not depend on the order in which images were mirrored', () => {
    const image = fc.record({
      origin: fc.stringMatching(/^(q|r)\.io\/[a-c]\/[a-c](:1|@sha256:[0-9a-f]{64})$/),
      kind: fc.constantFrom('generic' as const, 'ocpReleaseContent' as const),
      repository: fc.stringMatching(/^([a-b]\/)?[a-c]\/[a-c]$/),
    });
    const shuffled = fc
      .array(image, { maxLength: 8 })
      .chain((images) =>
        fc.tuple(
          fc.constant(images),
          fc.shuffledSubarray(images, { minLength: images.length, maxLength: images.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([images, others]) => {
        expect(
          createClusterResources({ images: others, catalogs: [], signatures: [] }, options),
        ).toEqual(
          createClusterResources({ images: images, catalogs: [], signatures: [] }, options),
        );
      }),
    );
  });
});

describe('the part of an install-config', () => {
  const write = (images: readonly ResourceImage[]) =>
    createClusterResources({ images, catalogs: [], signatures: [] }, options).get(
      'install-config-image-digest-sources.txt',
    );

  it('has the mirrors of releases alone', () => {
    const image = generic(`quay.io/acme/tool@${digest}`, 'ns/acme/tool');
    expect(
      write([image, component, release]),
    ).toBe(`# Put this into install-config.yaml to install from the mirror.
imageDigestSources:
- mirrors:
  - mirror.example.com:8443/ns/openshift/release-images
  source: quay.io/openshift-release-dev/ocp-release
- mirrors:
  - mirror.example.com:8443/ns/openshift/release
  source: quay.io/openshift-release-dev/ocp-v4.0-art-dev
`);
  });

  it('is missing where no release is mirrored', () => {
    expect(write([generic(`quay.io/acme/tool@${digest}`, 'ns/acme/tool')])).toBeUndefined();
  });
});
