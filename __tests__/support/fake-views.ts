import type { Marker, MarkerReader } from '../../src/github/comment.ts';
import type { Views } from '../../src/github/session.ts';
import type { Plan } from '../../src/plan/index.ts';
import type { RunMark } from '../../src/views/index.ts';

/** A comment as the fake views draw it. */
export function bodyFor(target: string, digest: string, mark: Partial<RunMark> = {}): string {
  return `<!-- fake ${JSON.stringify({ target, digest, ...mark })} -->\nplan`;
}

/** Reads what {@link bodyFor} wrote. */
export const readMarker: MarkerReader = (body) => {
  const [, facts] = /^<!-- fake (\{.*\}) -->/.exec(body) ?? [];
  return facts === undefined ? undefined : (JSON.parse(facts) as Marker);
};

/** Views of one line each, so that tests see which one was shown. */
export const fakeViews: Views = {
  comment: ({ plan, findings }, { target, mark, sourceUrl = '' }) =>
    [
      bodyFor(target, plan?.digest ?? 'none', mark),
      ...findings.map((found) => found.summary),
      sourceUrl,
    ].join('\n'),
  planText: ({ digest }) => `plan ${digest}\n  - delete 1\n`,
  planSummary: ({ plan, findings }) =>
    `plan ${plan?.digest ?? 'none'} with ${findings.length} findings\n`,
  appliedComment: (result, { target, mark }) =>
    `${bodyFor(target, 'none', mark)}\nbecame ${result.status}`,
  resultSummary: (result) => `result ${result.status}\n`,
  checkIssue: ({ done, total }, { target }) => ({
    title: 'not whole',
    body: `${bodyFor(target, 'none', { key: 'verify' })}\n${done} / ${total}`,
  }),
  checkSummary: ({ report, deed }) => `${deed} ${report.done} / ${report.total} images\n`,
  readMarker,
  async decodePlan(text) {
    const plan = JSON.parse(text) as Plan;
    if (typeof plan.formatVersion !== 'string') throw new Error('no plan');
    return plan;
  },
};
