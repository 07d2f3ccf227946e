import { join } from 'node:path';
import type { ApplyResult } from '../run/index.ts';
import { totalsOf } from '../views/index.ts';
import { tellClosing } from './closing.ts';
import { defineCommand } from './command.ts';
import { readConfigFile } from './config-files.ts';
import { genericFailure } from './exit-code.ts';
import { applyFlags } from './flag-tables.ts';
import { usageError } from './flags.ts';
import { createMirrorFiles } from './plan-request.ts';
import { createProgress } from './progress.ts';
import { readTargetRun } from './settings.ts';
import { formatGoDuration } from './units.ts';
import { refuseSecond } from './validate.ts';
import { words } from './words.ts';
import { ensureDirectory, writeResources, writeTexts } from './workspace.ts';

const resources = 'cluster-resources/';
const isResource = (name: string) => name.startsWith(resources);

/** Writes the files of a result, and removes cluster resources of earlier runs that no longer exist. */
function writeFiles(workspace: string, files: ApplyResult['files']): readonly string[] {
  const served = [...files].flatMap(([name, text]) =>
    isResource(name) ? [[name.slice(resources.length), text] as const] : [],
  );
  const rest = [...files].filter(([name]) => !isResource(name));
  return [...writeTexts(workspace, new Map(rest)), ...writeResources(workspace, new Map(served))];
}

/** Applies a reviewed plan: mirrors, verifies, then deletes. The user approves the plan by naming its file. */
export const applyCommand = defineCommand({
  name: 'apply',
  usage: ['apply --plan plan.json [--workspace file://DIR] docker://HOST[:PORT][/PATH]'],
  summary: 'do exactly what a plan says',
  flags: applyFlags,
  prepare(parsed, world) {
    const { values } = parsed;
    if (values.plan === '') {
      refuseSecond(parsed.words);
      const hint = 'Plan first: imageset-mirror plan writes WORKSPACE/working-dir/plan/plan.json.';
      throw usageError('use the --plan flag, it is mandatory', hint);
    }
    const run = readTargetRun(parsed, world);
    return async (console) => {
      const startedAt = world.clock.now();
      const plan = await readConfigFile(values.plan);
      const { files } = await createMirrorFiles({ config: values.config }, world);
      run.open(console, 'apply');
      ensureDirectory(run.workspace);
      console.wait('comparing the plan with the target');
      const applied = await world.jobs.apply(
        run.settings(console),
        { planText: plan.text, files, approval: { require: 'none' } },
        createProgress(console, world, run.target),
      );
      console.live(undefined);
      for (const path of writeFiles(run.workspace, applied.files)) {
        console.detail(words.created(path));
      }
      console.result(words.results);
      const placeOf = (name: string, isThere: boolean) =>
        isThere ? join(run.workspace, name) : undefined;
      const names = [...applied.files.keys()];
      tellClosing(console, applied.result, {
        ...run,
        parsed,
        report: placeOf('report.html', names.includes('report.html')),
        resources: placeOf('cluster-resources', names.some(isResource)),
      });
      console.stale(applied.result.plan);
      console.result(`apply time     : ${formatGoDuration(world.clock.now() - startedAt)}`);
      return totalsOf(applied.result).isSuccess ? 0 : genericFailure;
    };
  },
});
