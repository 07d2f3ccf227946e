import { openHost, runAction, type Views } from './github/index.ts';
import { runProcess } from './main.ts';
import { decodePlan } from './plan/index.ts';
import * as run from './run/index.ts';
import {
  parseCommentMarker,
  renderApplied,
  renderCheck,
  renderCheckIssue,
  renderComment,
  renderFindings,
  renderFindingsSummary,
  renderPlanText,
  renderResultSummary,
  renderSummary,
} from './views/index.ts';

const views: Views = {
  comment({ plan, findings, refusals }, { elapsedMs, ...facts }) {
    const options = { ...facts, durationMs: elapsedMs, refusals };
    return plan ? renderComment(plan, options) : renderFindings(findings, options);
  },
  appliedComment: renderApplied,
  planText: renderPlanText,
  planSummary({ plan, findings, refusals }, { target, artifactUrl, sourceUrl, elapsedMs, mark }) {
    const options = { artifactUrl, sourceUrl, commit: mark?.head, durationMs: elapsedMs, refusals };
    return plan ? renderSummary(plan, options) : renderFindingsSummary(findings, { target });
  },
  resultSummary: (result) => renderResultSummary(result),
  checkSummary: ({ report, deed }, { target }) => renderCheck(report, { target, deed }),
  checkIssue: renderCheckIssue,
  readMarker(body) {
    const marker = parseCommentMarker(body);
    return marker && { ...marker, digest: marker.plan };
  },
  decodePlan,
};

await runProcess(async (world) =>
  runAction(await openHost({ ...world, version: run.toolVersion }), { jobs: run, views }),
);
