import { describe, expect, test } from 'vitest';
import { describeGraph, parseGraph, selectReleases } from '../../src/release/index.ts';

const versions = ['4.16.5', '4.16.6', '4.16.7'];
const graph = {
  nodes: versions.map((version) => ({ version, payload: `quay.io/r@${version}` })),
  edges: [
    [0, 1],
    [1, 2],
  ],
};
const edges = [{ from: '4.16.5', to: '4.16.7' }];
const risk = { name: 'Panics', message: 'Nodes may panic.', url: 'https://issues.test/1' };

function parse(conditionalEdges: unknown) {
  return parseGraph(new TextEncoder().encode(JSON.stringify({ ...graph, conditionalEdges })));
}

describe('conditional edges', () => {
  test('are pairs of versions with risks, and are kept with the graph', () => {
    const rules = [{ type: 'PromQL', promql: { promql: 'up' } }];
    const parsed = parse([{ edges, risks: [{ ...risk, matchingRules: rules }] }]);
    const conditional = [{ edges: [['4.16.5', '4.16.7']], risks: [risk] }];
    expect(parsed.conditional).toEqual(conditional);
    const known = describeGraph({ channel: 'stable-4.16', architecture: 'amd64' }, parsed);
    expect(known.conditional).toEqual(conditional);
  });

  test.each([
    ['Always', ['Always'], true],
    ['a query', ['PromQL'], undefined],
    ['what comes first', ['PromQL', 'Always'], undefined],
    ['the first rule that a cluster knows', ['Later', 'Always'], true],
    ['nothing', [], undefined],
  ])('concern every cluster by their rules: %s', (_, types, always) => {
    const matchingRules = types.map((type) => ({ type }));
    const found = parse([{ edges, risks: [{ ...risk, matchingRules }] }]).conditional;
    expect(found?.[0]?.risks[0]?.always).toBe(always);
  });

  test.each([
    ['no list', {}],
    ['a list of other things', [null, 7, 'x', [], {}]],
    ['no edges', [{ risks: [risk] }]],
    ['edges of another form', [{ edges: [[0, 1], null, { from: 1, to: 2 }], risks: [risk] }]],
    ['a release that is not there', [{ edges: [{ from: '4.16.5', to: '4.99.0' }], risks: [risk] }]],
    ['a start that is not there', [{ edges: [{ from: '4.0.0', to: '4.16.7' }], risks: [risk] }]],
    ['no risks', [{ edges }]],
    ['risks without a name', [{ edges, risks: [{ message: 'x' }, null, { name: 7 }] }]],
  ])('that cannot be read are left out: %s', (_, values) => {
    expect(parse(values)).toEqual(parse([]));
    expect(parse(values).conditional).toBeUndefined();
  });

  test('may lack a message and a page, and a long text is cut', () => {
    const long = { name: 'Long', message: 'x'.repeat(5_000), url: 7 };
    const [group] = parse([{ edges, risks: [long] }]).conditional ?? [];
    expect(group?.risks).toEqual([{ name: 'Long', message: 'x'.repeat(2_000), url: '' }]);
  });

  test('past the limits are refused', () => {
    const many = (key: 'edges' | 'risks', count: number) => [{ [key]: Array(count).fill({}) }];
    expect(() => parse(many('edges', 400_001))).toThrow('more than 400000 edges');
    expect(() => parse(many('risks', 5_001))).toThrow('more than 5000 risks of updates');
  });

  test.each([
    { minVersion: '4.16.5', maxVersion: '4.16.7', shortestPath: true },
    { minVersion: '4.16.5' },
    {},
  ])('change nothing of what is selected: %j', async (bounds) => {
    const channels = [{ name: 'stable-4.16', type: 'ocp', ...bounds } as const];
    const select = (values: unknown) =>
      selectReleases({ channels, architectures: ['amd64'] }, async () => parse(values));
    const found = await select([{ edges, risks: [risk] }]);
    expect(found).toEqual(await select([]));
    expect(found.releases.length).toBeGreaterThan(0);
  });
});
