import { openHost, runAction, type Views } from './github/index.ts';
import { runProcess } from './main.ts';
import { decodePlan } from './plan/index.ts';
import * as run from './run/index.ts';
import {
  parseCommentMarker,
  renderComment,
  renderFindings,
  renderFindingsSummary,
  renderResultSummary,
  renderSummary,
} from './views/index.ts';

const views: Views = {
  comment({ plan, findings, refusals }, { target, artifactUrl, elapsedMs, mark }) {
    const options = { target, artifactUrl, durationMs: elapsedMs, refusals, mark };
    return plan ? renderComment(plan, options) : renderFindings(findings, options);
  },
  planSummary({ plan, findings, refusals }, { target, artifactUrl, elapsedMs }) {
    return plan
      ? renderSummary(plan, { artifactUrl, durationMs: elapsedMs, refusals })
      : renderFindingsSummary(findings, { target });
  },
  resultSummary: (result) => renderResultSummary(result),
  readMarker(body) {
    const marker = parseCommentMarker(body);
    return marker && { ...marker, digest: marker.plan };
  },
  decodePlan,
};

await runProcess(async (world) =>
  runAction(await openHost({ ...world, version: run.toolVersion }), { jobs: run, views }),
);
