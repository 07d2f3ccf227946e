import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/apply/index.ts';
import { type Change, isDeed, type Plan } from '../../src/plan/index.ts';
import {
  formatClosing,
  renderComment,
  renderPlanText,
  renderResultSummary,
  renderSummary,
} from '../../src/views/index.ts';
import { renderReport, renderResultReport } from '../../src/views/report/index.ts';
import { bundleChanges, operatorChannel } from '../support/operator-stories.ts';
import {
  graphOf,
  imageChange,
  planWith,
  releaseOf,
  wholeRelease,
} from '../support/plan-stories.ts';
import { done, failed, resultOf } from '../support/result-stories.ts';

const gone = { action: 'delete', reason: 'removed' } as const;

/** Calls `seen` for every property that somebody reads of a value, or of anything in it. */
function watched<T extends object>(value: T, seen: () => void): T {
  const known = new WeakMap<object, object>();
  const watch = <One extends object>(one: One): One => {
    const proxy = known.get(one) ?? new Proxy(one, { get: (of, key) => read(of, key) });
    known.set(one, proxy);
    return proxy as One;
  };
  const read = (of: object, key: PropertyKey): unknown => {
    seen();
    const found: unknown = Reflect.get(of, key);
    return typeof found === 'object' && found !== null ? watch(found) : found;
  };
  return watch(value);
}

/** A release goes with `size` channels of operators, which lose a bundle each, and as many versions and entries change. */
function planOfSize(size: number): Plan {
  const numbers = Array.from({ length: size }, (_, index) => index);
  const versions = numbers.map((index) => `4.16.${index}`);
  const operators = numbers.map((index) =>
    operatorChannel('acm', `release-${index}`, {
      removed: { [`2.${index}.0`]: index % 2 === 0 },
      ...(index % 3 > 0 && { head: `2.${index}.1` }),
    }),
  );
  const changes: Change[] = [
    ...wholeRelease('4.16.1', gone),
    ...numbers.flatMap((index) => bundleChanges('acm', `2.${index}.0`, gone)),
    ...numbers.map((index) =>
      imageChange(`team/app:${index}`, { action: 'mirror', reason: 'wanted' }),
    ),
  ];
  return planWith(`${size}`, changes, {
    operators,
    repository: 'github.com/acme/mirror',
    releases: {
      added: [],
      removed: versions.filter((_, index) => index % 2 > 0).map(releaseOf),
      kept: versions.filter((_, index) => index % 2 === 0).map(releaseOf),
    },
    graphs: [
      {
        ...graphOf('stable-4.16', []),
        versions,
        edges: versions.slice(1).map((to, index) => [versions[index] ?? '', to] as const),
        conditional: versions.slice(2).map((to, index) => ({
          edges: [[versions[index] ?? '', to] as const],
          risks: [{ name: `risk-${index % 9}`, message: 'It gets slow.', url: '' }],
        })),
      },
    ],
    resources: numbers.map((index) => ({
      kind: index % 2 > 0 ? 'ImageDigestMirrorSet' : 'CatalogSource',
      name: `one-${index % 5}`,
      source: `quay.io/team/${index}`,
      to: [`registry.example.com/team/${index}`],
    })),
  });
}

function resultOfSize(size: number): Result {
  const plan = planOfSize(size);
  const deeds = plan.changes.filter(isDeed);
  return resultOf(
    plan,
    deeds.map((change, index) => (index % 9 > 0 ? done(change) : failed(change))),
    {
      status: 'partial',
    },
  );
}

function countReads<T extends object>(value: T, render: (value: T) => unknown): number {
  let reads = 0;
  render(watched(value, () => (reads += 1)));
  return reads;
}

const views: Readonly<Record<string, (plan: Plan) => unknown>> = {
  comment: renderComment,
  summary: renderSummary,
  text: renderPlanText,
  report: renderReport,
};

const resultViews: Readonly<Record<string, (result: Result) => unknown>> = {
  summary: renderResultSummary,
  report: renderResultReport,
  closing: (result) => formatClosing(result, '14:01:04'),
};

/** Twice the plan may cost a little more than twice the work: some lists are sorted. */
const most = 2.3;

describe('the work of a view grows with the plan alone', { timeout: 120_000 }, () => {
  it.each(Object.entries(views))('%s of a plan', (_, render) => {
    const [once, twice] = [400, 800].map((size) => countReads(planOfSize(size), render));
    expect(twice).toBeLessThan((once ?? 0) * most);
  });

  it.each(Object.entries(resultViews))('%s of a result', (_, render) => {
    const [once, twice] = [400, 800].map((size) => countReads(resultOfSize(size), render));
    expect(twice).toBeLessThan((once ?? 0) * most);
  });
});
