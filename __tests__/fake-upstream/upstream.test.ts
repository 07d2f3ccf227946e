import { expect, test } from 'vitest';
import {
  makeUpstream,
  pushInto,
  releaseRepository,
  serveUpstream,
} from '../../src/fake-upstream/index.ts';

const options = {
  registry: 'upstream.test',
  channels: { 'stable-4.16': ['4.16.5', '4.16.6'] },
  components: 5,
  shared: 2,
};

function digests(
  release: Awaited<ReturnType<typeof makeUpstream>>['releases'][number] | undefined,
) {
  return (release?.components ?? []).map(({ image }) => image.manifest.descriptor.digest);
}

test('the same options give the same images', async () => {
  const [one, two] = [await makeUpstream(options), await makeUpstream(options)];
  const all = (upstream: typeof one) =>
    upstream.releases.map(({ image }) => image.manifest.descriptor);
  expect(all(one)).toEqual(all(two));
});

test('releases share as many components as was asked for', async () => {
  const { releases } = await makeUpstream(options);
  const [old, next] = releases.map(digests);
  expect(old?.filter((digest) => next?.includes(digest))).toHaveLength(2);
});

test('indexes of two versions can share a child', async () => {
  const { releases } = await makeUpstream({
    ...options,
    architectures: ['multi'],
    sharedChildren: 1,
  });
  const children = releases.map((release) =>
    (release.components[2]?.image.children ?? []).map(({ manifest }) => manifest.descriptor.digest),
  );
  expect(children[0]?.[1]).toBe(children[1]?.[1]);
  expect(children[0]?.[0]).not.toBe(children[1]?.[0]);
});

test('is served over HTTP under the environment that points a mirror at it', async () => {
  const upstream = await makeUpstream(options);
  const served = await serveUpstream(upstream);
  try {
    const graph = await fetch(`${served.env.UPDATE_URL_OVERRIDE}?arch=amd64&channel=stable-4.16`);
    expect(await graph.json()).toMatchObject({ edges: [[0, 1]] });
    const digest = upstream.releases[0]?.image.manifest.descriptor.digest ?? '';
    const url = `${served.env.OCP_SIGNATURE_URL}${digest.replace(':', '=')}`;
    expect((await fetch(`${url}/signature-1`)).status).toBe(200);
    expect((await fetch(`${url}/signature-2`)).status).toBe(404);
    expect(served.asked).toHaveLength(3);
  } finally {
    await served.close();
  }
});

test('lists an update as conditional in each channel that has both releases', async () => {
  const risks = [{ name: 'Panics', message: '', url: '', matchingRules: [{ type: 'Always' }] }];
  const edges = [{ from: '4.16.5', to: '4.16.6' }];
  const channels = { ...options.channels, 'fast-4.16': ['4.16.6'] };
  const { answer } = await makeUpstream({
    ...options,
    channels,
    conditionalEdges: [{ edges, risks }],
  });
  const graphOf = (channel: string) => {
    const { body } = answer(new URL(`http://upstream.test/graph?channel=${channel}`));
    return JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  };
  expect(graphOf('stable-4.16')).toMatchObject({
    edges: [],
    conditionalEdges: [{ edges, risks }],
  });
  expect(graphOf('fast-4.16')).toMatchObject({ conditionalEdges: [{ edges: [] }] });
});

test('can be pushed into a registry, nothing before what it points at', async () => {
  const upstream = await makeUpstream({ ...options, components: 1, architectures: ['multi'] });
  const there = new Set<string>();
  const unused = (): never => {
    throw new Error('is not needed');
  };
  await upstream.fill(
    pushInto((name) => ({
      registry: 'upstream.test',
      name,
      manifests: {
        push: async (manifest) => {
          const below =
            manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers];
          for (const { digest } of below) expect(there).toContain(`${name} ${digest}`);
          there.add(`${name} ${manifest.descriptor.digest}`);
        },
        resolve: unused,
        fetch: unused,
        delete: unused,
      },
      blobs: {
        push: async ({ digest }, open) => {
          for await (const chunk of await open()) expect(chunk.byteLength).toBeGreaterThan(0);
          there.add(`${name} ${digest}`);
        },
        exists: unused,
        fetch: unused,
        mount: unused,
      },
      tags: { list: unused, survey: unused, delete: unused },
      referrers: { list: unused },
    })),
  );
  const { digest } = upstream.releases[0]?.image.manifest.descriptor ?? {};
  expect(there).toContain(`${releaseRepository} ${digest}`);
});
