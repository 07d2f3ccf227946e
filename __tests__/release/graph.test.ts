import { describe, expect, test } from 'vitest';
import { ContentError } from '../../src/errors.ts';
import { shortestPath } from '../../src/release/graph.ts';
import { graphUrl, openGraphSource, parseGraph } from '../../src/release/index.ts';
import { memoryWorkspace } from '../support/upstream.ts';

const request = { channel: 'stable-4.16', architecture: 'amd64', type: 'ocp' } as const;
const id = '11111111-2222-4333-8444-555555555555';

describe('the address of a graph', () => {
  test('has its query sorted', () => {
    expect(graphUrl(request, id)).toBe(
      `https://api.openshift.com/api/upgrades_info/v1/graph?arch=amd64&channel=stable-4.16&id=${id}`,
    );
  });

  test('keeps what an override brings along', () => {
    expect(graphUrl(request, id, 'http://osus.test/graph?zone=7')).toBe(
      `http://osus.test/graph?arch=amd64&channel=stable-4.16&id=${id}&zone=7`,
    );
  });

  test('of OKD is never overridden', () => {
    expect(graphUrl({ ...request, type: 'okd' }, id, 'http://osus.test/graph')).toMatch(
      /^https:\/\/origin-release\.ci\.openshift\.org\/graph\?/,
    );
  });
});

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

describe('a graph', () => {
  test('may have unknown fields and no lists', () => {
    expect(parseGraph(encode({ version: 1, conditionalEdges: [{}] }))).toEqual({
      nodes: [],
      edges: [],
    });
  });

  test('says of a release which channels have it, where it says so well', () => {
    const node = (metadata: unknown) => ({ version: '4.16.0', payload: 'x', metadata });
    const key = 'io.openshift.upgrades.graph.release.channels';
    const { nodes } = parseGraph(
      encode({ nodes: [node({ [key]: 'fast-4.16,stable-4.16' }), node({ [key]: 7 }), node(null)] }),
    );
    expect(nodes.map(({ channels }) => channels)).toEqual([
      ['fast-4.16', 'stable-4.16'],
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['', 'empty'],
    ['<html>', 'not JSON'],
    ['[]', 'not a JSON object'],
    [{ nodes: {} }, '"nodes" is not a list'],
    [{ nodes: [{ payload: 'x' }] }, 'nodes[0] has no version'],
    [{ nodes: [{ version: '4.16' }] }, 'nodes[0] has the version "4.16"'],
    [{ nodes: [{ version: '4.16.0' }], edges: [[0, 1]] }, 'edges[0] does not join two nodes'],
    [{ nodes: [{ version: '4.16.0' }], edges: [[0]] }, 'edges[0] does not join two nodes'],
    [{ nodes: [{ version: '4.16.0' }], edges: [[0, -1]] }, 'edges[0] does not join two nodes'],
  ])('is not %j', (body, why) => {
    const read = () => parseGraph(encode(body));
    expect(read).toThrow(ContentError);
    expect(read).toThrow(why);
  });
});

describe('the update service', () => {
  function open(body: Uint8Array) {
    const workspace = memoryWorkspace();
    const asked: { url: string; accept: string | undefined }[] = [];
    const source = openGraphSource({
      get: async (url, options) => {
        asked.push({ url, accept: options?.headers?.['accept'] });
        return { status: 200, body, contentType: 'application/json' };
      },
      workspace,
      newId: () => id,
      env: {},
    });
    return { source, workspace, asked };
  }

  test('is asked once for a channel, for JSON, and its answer is saved as it came', async () => {
    const body = encode('{"nodes": [], "edges": []  }');
    const { source, workspace, asked } = open(body);
    await Promise.all([source.fetch(request), source.fetch(request)]);
    expect(asked).toEqual([{ url: graphUrl(request, id), accept: 'application/json' }]);
    expect(workspace.files.get('hold-release/cincinnati-graph-data/amd64-stable-4.16.json')).toBe(
      body,
    );
  });

  test('is not asked for what an earlier run saved, unless that is broken', async () => {
    const { source, workspace, asked } = open(encode({ nodes: [{ version: '4.16.1' }] }));
    const file = 'hold-release/cincinnati-graph-data/amd64-stable-4.16.json';
    workspace.files.set(file, encode({ nodes: [{ version: '4.16.0' }] }));
    expect((await source.recall(request)).nodes[0]?.text).toBe('4.16.0');
    expect(asked).toEqual([]);
    workspace.files.set(file, encode('{"nodes":'));
    expect((await source.recall(request)).nodes[0]?.text).toBe('4.16.1');
  });

  test('cannot make the workspace write outside its directory', async () => {
    const { source, workspace } = open(encode({ nodes: [] }));
    await source.fetch({ ...request, channel: '../../../etc/passwd' });
    expect([...workspace.files.keys()]).toEqual([
      'hold-release/cincinnati-graph-data/amd64-.._.._.._etc_passwd.json',
    ]);
  });
});

describe('a graph past the limits', () => {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const nodes = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ version: `4.16.${index}`, payload: 'x' }));

  test.each([
    ['nodes', encode({ nodes: nodes(20_001), edges: [] }), '20000 nodes'],
    ['edges', encode({ nodes: nodes(2), edges: Array(400_001).fill([0, 1]) }), '400000 edges'],
    ['values', encode({ nodes: Array(2_500_000).fill(0) }), '2500000 values'],
    ['levels', new TextEncoder().encode(`${'['.repeat(1_000_000)}`), '256 levels'],
  ])('of %s is refused by the limit', (_, body, limit) => {
    expect(() => parseGraph(body)).toThrow(`The update graph has more than ${limit}`);
  });

  test('is none of a thousand releases that all lead to each other, and a way is found in it', () => {
    const edges = Array.from({ length: 300_000 }, (_, index) => [index % 1000, (index * 7) % 1000]);
    const graph = parseGraph(encode({ nodes: nodes(1000), edges: [...edges, [0, 999]] }));
    expect(shortestPath(graph, 0, 999)).toEqual([0, 999]);
  });
});
