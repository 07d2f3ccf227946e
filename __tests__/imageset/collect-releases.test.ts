import { describe, expect, test } from 'vitest';
import { strayDigest, type UpstreamAnswer } from '../../src/fake-upstream/index.ts';
import { keyringFor } from '../../src/imageset/collectors/release-reader.ts';
import {
  collectImageSet,
  createReleaseCollector,
  formatMapping,
  type ImageSet,
} from '../../src/imageset/index.ts';
import type { LogEvent } from '../../src/log.ts';
import { okdFingerprints, pinnedFingerprints } from '../../src/release/index.ts';
import { channel, imageSet, makeWorld, type World } from '../support/upstream.ts';

const story = {
  channels: { 'stable-4.16': ['4.16.4', '4.16.5', '4.16.6'] },
  components: 4,
  shared: 1,
};

function collect(world: World, wanted: ImageSet, prefix = '') {
  const collectors = [createReleaseCollector(world.options)];
  return collectImageSet(wanted, collectors, { registry: 'mirror.test', prefix });
}

describe('a channel with a range', () => {
  test('gives the release image and every component of each version, named as oc-mirror names them', async () => {
    const world = await makeWorld(story);
    const range = channel('stable-4.16', { minVersion: '4.16.5', maxVersion: '4.16.6' });
    const found = await collect(world, imageSet({ platform: { channels: [range] } }), 'ocp');
    expect(found.failures).toEqual([]);
    expect(found.diagnostics).toEqual([]);
    expect(found.releases.map(({ version, channel: name }) => [version, name])).toEqual([
      ['4.16.5', 'stable-4.16'],
      ['4.16.6', 'stable-4.16'],
    ]);
    const places = found.placements.map(({ target }) => `${target.repository}:${target.tag}`);
    expect(places.toSorted()).toEqual(
      ['4.16.5', '4.16.6']
        .flatMap((version) => [
          `ocp/openshift/release-images:${version}-x86_64`,
          ...['cli', 'etcd', 'installer', 'oauth-server'].map(
            (name) => `ocp/openshift/release:${version}-x86_64-${name}`,
          ),
        ])
        .toSorted(),
    );
  });

  test('reports each release that was collected, once', async () => {
    const { options } = await makeWorld(story);
    const collected: string[] = [];
    const log = { log() {}, event: ({ origin }: LogEvent) => void collected.push(origin) };
    const range = channel('stable-4.16', { minVersion: '4.16.5', maxVersion: '4.16.6' });
    const wanted = imageSet({ platform: { channels: [range] } });
    const collectors = [createReleaseCollector({ ...options, log })];
    await collectImageSet(wanted, collectors, { registry: 'mirror.test', prefix: '' });
    expect(collected.toSorted()).toEqual(
      ['4.16.5', '4.16.6'].map(
        (version) => `upstream.test/openshift-release-dev/ocp-release:${version}-x86_64`,
      ),
    );
  });

  test('lists components before releases in a mapping, components by digest and releases by tag', async () => {
    const world = await makeWorld({ ...story, components: 1, shared: 0 });
    const range = channel('stable-4.16', { minVersion: '4.16.6' });
    const found = await collect(world, imageSet({ platform: { channels: [range] } }));
    const release = world.upstream.releases.find(({ version }) => version === '4.16.6');
    const digest = release?.components[0]?.image.manifest.descriptor.digest;
    expect(formatMapping(found.placements, 'mirror.test:8443')).toBe(
      [
        `docker://upstream.test/openshift-release-dev/ocp-v4.0-art-dev@${digest}=docker://mirror.test:8443/openshift/release:4.16.6-x86_64-cli`,
        'docker://upstream.test/openshift-release-dev/ocp-release:4.16.6-x86_64=docker://mirror.test:8443/openshift/release-images:4.16.6-x86_64',
        '',
      ].join('\n'),
    );
  });

  test('lists everything of a kind in the order of its origin, as oc-mirror does', async () => {
    const world = await makeWorld({ ...story, components: 20 });
    const range = channel('stable-4.16', { minVersion: '4.16.4' });
    const found = await collect(world, imageSet({ platform: { channels: [range] } }));
    const origins = found.placements.map(({ origin }) => origin);
    expect(origins).toEqual(origins.toSorted());
    expect(origins).toHaveLength(63);
  });

  test('pulls releases by the digest that was signed, whatever their tag', async () => {
    const world = await makeWorld(story);
    const found = await collect(
      world,
      imageSet({ platform: { channels: [channel('stable-4.16')] } }),
    );
    const release = found.placements.find(({ kind }) => kind === 'ocpRelease');
    expect(release?.source.digest).toBe(found.releases[0]?.digest);
    expect(world.registry.asked.some((asked) => asked.startsWith('resolve'))).toBe(false);
  });
});

test('a release that two channels choose is one release with two causes', async () => {
  const channels = { 'stable-4.16': ['4.16.5'], 'fast-4.16': ['4.16.5'] };
  const world = await makeWorld({ ...story, channels });
  const wanted = imageSet({
    platform: { channels: [channel('stable-4.16'), channel('fast-4.16')] },
  });
  const found = await collect(world, wanted);
  expect(found.releases).toHaveLength(1);
  expect(found.placements[0]?.causes.map(({ path }) => path)).toEqual([
    'mirror.platform.channels[0]',
    'mirror.platform.channels[1]',
  ]);
});

test('a second collection with a warm cache reads nothing from the registry', async () => {
  const world = await makeWorld(story);
  const wanted = imageSet({ platform: { channels: [channel('stable-4.16')] } });
  await collect(world, wanted);
  world.registry.asked.length = 0;
  const again = await collect(world, wanted);
  expect(again.placements).toHaveLength(5);
  expect(world.registry.asked).toEqual([]);
});

test('of a payload only the last layer is read', async () => {
  const world = await makeWorld(story);
  await collect(world, imageSet({ platform: { channels: [channel('stable-4.16')] } }));
  const release = world.upstream.releases.find(({ version }) => version === '4.16.6');
  const last = release?.image.blobs.at(-1)?.descriptor.digest;
  expect(world.registry.asked.filter((asked) => asked.startsWith('blob'))).toEqual([
    `blob openshift-release-dev/ocp-release@${last}`,
  ]);
});

describe('the workspace', () => {
  test('keeps the graph, the payload manifests and the signature where oc-mirror looks for them', async () => {
    const world = await makeWorld(story);
    await collect(world, imageSet({ platform: { channels: [channel('stable-4.16')] } }));
    const digest = world.upstream.releases[2]?.image.manifest.descriptor.digest ?? '';
    expect([...world.workspace.files.keys()].toSorted()).toEqual([
      'hold-release/cincinnati-graph-data/amd64-stable-4.16.json',
      'hold-release/ocp-release/4.16.6-x86_64/release-manifests/image-references',
      'hold-release/ocp-release/4.16.6-x86_64/release-manifests/release-metadata',
      `signatures/4.16.6-x86_64-${digest.replace(':', '-')}`,
    ]);
  });

  test('is enough to know what to delete: neither graph nor signature nor payload is asked for', async () => {
    const world = await makeWorld(story);
    const platform = { channels: [channel('stable-4.16')] };
    await collect(world, imageSet({ platform }));
    world.got.length = 0;
    world.registry.asked.length = 0;
    const gone = await collect(world, imageSet({ platform }, 'DeleteImageSetConfiguration'));
    expect(gone.placements).toHaveLength(5);
    expect([...world.got, ...world.registry.asked]).toEqual([]);
    expect(gone.placements[0]?.causes[0]?.path).toBe('delete.platform.channels[0]');
  });

  test('that was lost is made up for by upstream when deleting', async () => {
    const world = await makeWorld(story);
    const platform = { channels: [channel('stable-4.16')] };
    const gone = await collect(world, imageSet({ platform }, 'DeleteImageSetConfiguration'));
    expect(gone.failures).toEqual([]);
    expect(gone.placements).toHaveLength(5);
  });
});

describe('platform.release', () => {
  test('by tag is pinned by its digest and wins over channels', async () => {
    const world = await makeWorld(story);
    const release = 'upstream.test/openshift-release-dev/ocp-release:4.16.5-x86_64';
    const channels = [channel('stable-4.16')];
    const found = await collect(world, imageSet({ platform: { release, channels } }));
    expect(found.failures).toEqual([]);
    expect(found.releases).toMatchObject([{ version: '4.16.5', architecture: 'amd64' }]);
    expect(found.placements[0]?.causes[0]?.path).toBe('mirror.platform.release');
    expect(found.placements.find(({ kind }) => kind === 'ocpRelease')?.target.tag).toBe(
      '4.16.5-x86_64',
    );
  });

  test('without verification can be tagged by the bare digest, as oc-mirror does', async () => {
    const world = await makeWorld(story);
    const digest = world.upstream.releases[0]?.image.manifest.descriptor.digest ?? '';
    const release = `upstream.test/openshift-release-dev/ocp-release@${digest}`;
    const options = { ...world.options, verifySignatures: 'off', unverifiedTag: 'digest' } as const;
    const found = await collect({ ...world, options }, imageSet({ platform: { release } }));
    const image = found.placements.find(({ kind }) => kind === 'ocpRelease');
    expect(image?.target.tag).toBe(digest.slice('sha256:'.length));
    expect(image?.origin).toBe(release);
    expect(found.placements.find(({ component }) => component === 'cli')?.target.tag).toBe(
      `${digest.slice('sha256:'.length)}-cli`,
    );
    expect(found.signatures).toEqual([]);
  });

  test('alone may go unverified: releases of channels never do', async () => {
    const world = await makeWorld(story, ({ pathname }) =>
      pathname.startsWith('/signatures/') ? { status: 404 } : undefined,
    );
    const options = { ...world.options, verifySignatures: 'off', unverifiedTag: 'digest' } as const;
    const wanted = imageSet({ platform: { channels: [channel('stable-4.16')] } });
    const found = await collect({ ...world, options }, wanted);
    expect(found.failures.map(({ diagnostic }) => diagnostic.code)).toEqual(['release-unverified']);
  });

  test('that a user built and that has no version is known by its tag', async () => {
    const world = await makeWorld({ ...story, nameless: true });
    const release = 'upstream.test/openshift-release-dev/ocp-release:4.16.5-x86_64';
    const found = await collect(world, imageSet({ platform: { release } }));
    expect(found.failures).toEqual([]);
    expect(found.releases).toMatchObject([{ version: '4.16.5-x86_64', architecture: 'amd64' }]);
    const [digest = ''] = found.releases.map((one) => one.digest);
    const unverified = { ...world.options, verifySignatures: 'off' } as const;
    const byDigest = imageSet({ platform: { release: release.replace(/:[^:]*$/, `@${digest}`) } });
    const trusted = await collect({ ...world, options: unverified }, byDigest);
    expect(trusted.failures).toEqual([]);
    expect(trusted.placements.find(({ kind }) => kind === 'ocpRelease')?.target.tag).toBe(
      digest.slice('sha256:'.length),
    );
  });

  test('that is no image fails in the words of oc-mirror', async () => {
    const world = await makeWorld(story);
    const found = await collect(world, imageSet({ platform: { release: 'quay.io/ocp/release' } }));
    expect(found.failures.map(({ message }) => message)).toEqual([
      'quay.io/ocp/release unable to parse image correctly : tag and digest are empty',
    ]);
  });
});

test('platforms ask for the multi payload and limit every image to them', async () => {
  const world = await makeWorld({ ...story, architectures: ['multi'] });
  const platforms = [{ os: 'linux', architecture: 'arm64' }];
  const found = await collect(
    world,
    imageSet({ platform: { channels: [channel('stable-4.16')], platforms } }),
  );
  expect(found.releases[0]?.architecture).toBe('multi');
  expect(found.placements.map(({ platforms: limited }) => limited)).toEqual(
    Array.from({ length: 5 }, () => platforms),
  );
  expect(found.placements.find(({ component }) => component === 'cli')?.target.tag).toBe(
    '4.16.6-multi-cli',
  );
});

test('kubeVirtContainer adds the boot image, and fails where a release ships none', async () => {
  const platform = { channels: [channel('stable-4.16')], kubeVirtContainer: true };
  const withImage = await makeWorld({ ...story, kubeVirt: true });
  const found = await collect(withImage, imageSet({ platform }));
  expect(found.placements.map(({ component }) => component)).toContain('kube-virt-container');
  const both = await collect(
    withImage,
    imageSet({ platform: { ...platform, architectures: ['amd64', 's390x'] } }),
  );
  expect(both.placements.map(({ target }) => target.tag)).toContain(
    '4.16.6-x86_64-kube-virt-container-s390x',
  );
  const without = await collect(await makeWorld(story), imageSet({ platform }));
  expect(without.failures).toHaveLength(1);
});

test('the KubeVirt images are those of the wanted architectures, and a missing one is told', async () => {
  const world = await makeWorld({
    ...story,
    kubeVirt: true,
    architectures: ['amd64', 'arm64', 'multi'],
  });
  const collected = async (platform: object) => {
    const channels = [channel('stable-4.16')];
    const wanted = imageSet({ platform: { channels, kubeVirtContainer: true, ...platform } });
    const found = await collect(world, wanted);
    expect(found.failures).toEqual([]);
    const names = found.placements.flatMap(({ component = '' }) =>
      component.startsWith('kube-virt') ? [component.replace('kube-virt-container', '')] : [],
    );
    return [names, found.diagnostics.map(({ code, detail }) => `${code} ${detail?.slice(0, 30)}`)];
  };
  const missing = ['kubevirt-missing No KubeVirt image for aarch64 '];
  const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));
  expect(await collected({ architectures: ['arm64'] })).toEqual([[], missing]);
  expect(await collected({ platforms })).toEqual([[''], missing]);
  expect(await collected({ architectures: ['multi'] })).toEqual([['-s390x', '-x86_64'], []]);
});

test('OKD comes from its own update service and signatures, next to OCP in one file', async () => {
  const own = { ocp: 'https://mirror.openshift.com/', okd: 'https://storage.googleapis.com/' };
  const publishedAt = (url: URL): UpstreamAnswer | undefined => {
    const path = /sha256=[^/]+\/signature-\d+$/.exec(url.pathname)?.[0];
    return path === undefined
      ? undefined
      : world.upstream.answer(new URL(`/signatures/${path}`, url));
  };
  const world: World = await makeWorld(story, (url) => publishedAt(url));
  const options = { ...world.options, env: { UPDATE_URL_OVERRIDE: 'https://updates.test/graph' } };
  const channels = [channel('stable-4.16', { type: 'okd' })];
  const found = await collect({ ...world, options }, imageSet({ platform: { channels } }));
  expect(found.failures).toEqual([]);
  const asked = world.got.map(({ href }) => href);
  expect(asked[0]).toMatch('https://origin-release.ci.openshift.org/graph?arch=amd64');
  expect(asked.some((href) => href.startsWith(own.okd))).toBe(true);
  expect(asked.some((href) => href.startsWith(own.ocp))).toBe(false);
});

test('the keys of the CI system count for OKD alone', async () => {
  const world = await makeWorld(story);
  const { repository, digest } = {
    repository: 'openshift-release-dev/ocp-release',
    digest: world.upstream.releases[0]?.image.manifest.descriptor.digest ?? strayDigest('none'),
  };
  const source = { registry: 'upstream.test', repository, digest };
  const ringOf = async (type?: 'okd') =>
    await keyringFor({ source, ...(type && { type }) }, world.options, async () => undefined);
  expect((await ringOf('okd')).fingerprints).toBe(okdFingerprints);
  expect((await ringOf()).fingerprints).toBe(pinnedFingerprints);
});

test('without verification releases of channels are named as if they were verified', async () => {
  const world = await makeWorld(story);
  const wanted = imageSet({ platform: { channels: [channel('stable-4.16')] } });
  const verified = await collect(world, wanted);
  const options = { ...world.options, verifySignatures: 'off' } as const;
  const trusted = await collect({ ...world, options }, wanted);
  expect(formatMapping(trusted.placements, 'm')).toBe(formatMapping(verified.placements, 'm'));
  expect(trusted.signatures).toEqual([]);
});
