import { describe, expect, test } from 'vitest';
import {
  type AdditionalImage,
  collectImageSet,
  createAdditionalCollector,
  createWorkspaceImages,
  formatMapping,
  limitNesting,
  type MirrorSpec,
} from '../../src/imageset/index.ts';
import { imageSet } from '../support/upstream.ts';

const hex = 'd488'.repeat(16);

function collect(mirror: MirrorSpec, prefix = '', maxNestedPaths = 0) {
  const wanted = imageSet(mirror);
  const options = { registry: 'mirror.test:8443', prefix, maxNestedPaths };
  return collectImageSet(
    wanted,
    [createAdditionalCollector({ images: createWorkspaceImages() })],
    options,
  ).then((found) => ({
    ...found,
    pathAt: wanted.pathAt,
    mapping: formatMapping(found.placements, options.registry).trimEnd().split('\n'),
  }));
}

describe('an additional image', () => {
  test.each<[AdditionalImage, string, string]>([
    [{ name: 'quay.io/a/b:1' }, 'docker://quay.io/a/b:1', 'a/b:1'],
    [{ name: 'docker://quay.io/a/b:1' }, 'docker://quay.io/a/b:1', 'a/b:1'],
    [
      { name: `quay.io/a/b@sha256:${hex}` },
      `docker://quay.io/a/b@sha256:${hex}`,
      `a/b:sha256-${hex}`,
    ],
    [{ name: `quay.io/a/b:1@sha256:${hex}` }, `docker://quay.io/a/b@sha256:${hex}`, 'a/b:1'],
    [
      { name: `host:5000/a/b@sha256:${hex}` },
      `docker://host:5000/a/b@sha256:${hex}`,
      `a/b:sha256-${hex}`,
    ],
    [
      { name: 'quay.io/a/b:1', targetRepo: 'x/y', targetTag: 'z' },
      'docker://quay.io/a/b:1',
      'x/y:z',
    ],
    [
      { name: `quay.io/a/b@sha256:${hex}`, targetTag: 'z' },
      `docker://quay.io/a/b@sha256:${hex}`,
      'a/b:z',
    ],
    [{ name: 'alpine:3' }, 'docker://alpine:3', 'alpine:3'],
    [{ name: 'oci:///srv/img' }, 'oci:///srv/img', 'srv/img:latest'],
    [{ name: 'oci:///srv/img', targetRepo: 'x', targetTag: '2' }, 'oci:///srv/img', 'x:2'],
  ])('%j', async (image, source, place) => {
    const { mapping, failures } = await collect({ additionalImages: [image] }, 'ns');
    expect(failures).toEqual([]);
    expect(mapping).toEqual([`${source}=docker://mirror.test:8443/ns/${place}`]);
  });

  test('that is wrong fails alone, at its own line, and the others stay', async () => {
    const { failures, mapping, pathAt } = await collect({
      additionalImages: [
        { name: 'quay.io/a/b' },
        { name: 'quay.io/c/d:1', targetRepo: 'Has/Capitals' },
        { name: 'quay.io/e/f:1' },
        { name: 'quay.io/g/h:1', platforms: [{ os: '', architecture: 'amd64' }] },
      ],
    });
    expect(
      failures.map(({ message, diagnostic }) => [message, pathAt(diagnostic.at?.line)]),
    ).toEqual([
      [
        'parse image "quay.io/a/b": quay.io/a/b unable to parse image correctly : tag and digest are empty',
        'mirror.additionalImages.0.name',
      ],
      [
        'invalid targetRepo Has/Capitals for image quay.io/c/d:1',
        'mirror.additionalImages.1.targetRepo',
      ],
      [
        'invalid platform for image "quay.io/g/h:1": platform OS must not be empty (architecture: "amd64")',
        'mirror.additionalImages.3.platforms',
      ],
    ]);
    expect(mapping).toHaveLength(2);
  });

  test('with a name that no registry takes is told, though oc-mirror lists it', async () => {
    const { diagnostics, mapping } = await collect({
      additionalImages: [{ name: 'quay.io/A/b:1' }],
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['invalid-name']);
    expect(mapping).toEqual(['docker://quay.io/A/b:1=docker://mirror.test:8443/A/b:1']);
  });
});

describe('blocked images', () => {
  const additionalImages = [{ name: 'quay.io/a/b:1' }, { name: 'ghcr.io/c/d:2' }];

  test.each([
    ['^quay', ['ghcr.io/c/d:2']],
    ['docker://quay', ['quay.io/a/b:1', 'ghcr.io/c/d:2']],
    ['test:8443/ns/c', ['quay.io/a/b:1']],
    [':[12]$', []],
    ['(unclosed', ['quay.io/a/b:1', 'ghcr.io/c/d:2']],
  ])('%j', async (name, left) => {
    const { placements } = await collect({ additionalImages, blockedImages: [{ name }] }, 'ns');
    expect(placements.map(({ origin }) => origin)).toEqual(left);
  });

  test('do not keep anything from being deleted', async () => {
    const wanted = imageSet(
      { additionalImages, blockedImages: [{ name: '.' }] },
      'DeleteImageSetConfiguration',
    );
    const options = { registry: 'mirror.test', prefix: '' };
    const { placements } = await collectImageSet(
      wanted,
      [createAdditionalCollector({ images: createWorkspaceImages() })],
      options,
    );
    expect(placements).toHaveLength(2);
  });
});

test('a pattern that would run for ages elsewhere ends at once', async () => {
  const name = `quay.io/${'a'.repeat(5000)}:1`;
  const blockedImages = [{ name: '(a+)+$' }];
  const { placements } = await collect({ additionalImages: [{ name }], blockedImages });
  expect(placements).toHaveLength(1);
});

describe('two images for one tag', () => {
  test('are a conflict at the line of the later one; a mapping shows both', async () => {
    const { diagnostics, mapping, pathAt } = await collect({
      additionalImages: [{ name: 'quay.io/a/b:1' }, { name: 'ghcr.io/a/b:1' }],
    });
    expect(diagnostics.map(({ code, at }) => [code, pathAt(at?.line)])).toEqual([
      ['placement-conflict', 'mirror.additionalImages.1'],
    ]);
    expect(mapping).toHaveLength(2);
  });

  test('are none when they are the same digest', async () => {
    const { diagnostics } = await collect({
      additionalImages: [
        { name: `quay.io/a/b@sha256:${hex}`, targetTag: '1' },
        { name: `ghcr.io/a/b@sha256:${hex}`, targetTag: '1' },
      ],
    });
    expect(diagnostics).toEqual([]);
  });

  test('are one image with two causes when they stand next to each other', async () => {
    const { placements } = await collect({
      additionalImages: [{ name: 'quay.io/a/b:1' }, { name: 'quay.io/a/b:1' }],
    });
    expect(placements.map(({ causes }) => causes.length)).toEqual([2]);
  });
});

describe('a limit of nested paths', () => {
  test.each([
    ['ns/a/b/c', 4, 'ns/a/b/c'],
    ['ns/a/b/c', 3, 'ns/a/b-c'],
    ['ns/a/b/c', 2, 'ns/a-b-c'],
    ['ns/a/b/c', 1, 'ns-a-b-c'],
    ['ns/a/b/c', 0, 'ns/a/b/c'],
  ])('%s of %i is %s', (repository, max, limited) => {
    expect(limitNesting(repository, max)).toBe(limited);
  });

  test('counts the prefix of the target', async () => {
    const { mapping } = await collect({ additionalImages: [{ name: 'quay.io/a/b:1' }] }, 'ns', 2);
    expect(mapping[0]).toContain('=docker://mirror.test:8443/ns/a-b:1');
  });
});

test('an image of a directory has in an archive the path of its mirror, without the prefix', async () => {
  const images = createWorkspaceImages();
  const collector = createAdditionalCollector({ images, sources: 'archive' });
  const wanted = imageSet({ additionalImages: [{ name: 'oci:///srv/app', targetTag: 'v1' }] });
  const { placements } = await collector.collect(wanted, 'ns/mirror');
  expect(placements).toMatchObject([
    {
      source: { registry: 'localhost', repository: 'srv/app', tag: 'v1' },
      target: { repository: 'ns/mirror/srv/app', tag: 'v1' },
    },
  ]);
});
