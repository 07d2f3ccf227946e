import { join } from 'node:path';
import type { Outcome } from '../apply/index.ts';
import { type ContentKind, formatCollectionError } from '../imageset/index.ts';
import { contentKindOf, type KindCount } from '../run/index.ts';
import { defineCommand, type Task } from './command.ts';
import {
  createFindingsLog,
  fileFindings,
  loadConfigFiles,
  readConfigFile,
} from './config-files.ts';
import type { Console } from './console.ts';
import { type DeleteRoute, readDeleteRoute } from './delete-route.ts';
import { genericFailure } from './exit-code.ts';
import { deleteFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';
import { readState } from './plan-options.ts';
import { createProgress } from './progress.ts';
import { logResults } from './results.ts';
import { createSettings } from './settings.ts';
import { formatDuration } from './units.ts';
import { createWorkspace, writeText } from './workspace.ts';
import type { World } from './world.ts';

interface DeleteRun extends DeleteRoute {
  readonly parsed: Parsed<typeof deleteFlags>;
  readonly world: World;
}

function start(run: DeleteRun, console: Console, logs: string): void {
  console.openLog(logs);
  console.log('info', '👋 Hello, welcome to oc-mirror');
  console.log('info', `⚙️  environment version: imageset-mirror ${run.world.version}`);
  console.log('info', '🔀 workflow mode: delete');
  if (run.parsed.values['force-cache-delete']) {
    console.log('warn', '--force-cache-delete has no effect: there is no local cache.');
  }
}

function settingsOf({ parsed, world, target, workingDirectory }: DeleteRun, console: Console) {
  const state = readState(parsed.values.state);
  return createSettings(parsed, {
    world,
    log: console,
    target,
    workspace: workingDirectory,
    state,
  });
}

function end(console: Console, failure?: string): number {
  console.log('info', '👋 Goodbye, thank you for using oc-mirror');
  if (failure !== undefined) console.log('error', `[Executor] ${failure}`);
  return failure === undefined ? 0 : genericFailure;
}

async function generate(run: DeleteRun, console: Console): Promise<number> {
  const { world, workingDirectory } = run;
  const { values } = run.parsed;
  createWorkspace(workingDirectory);
  start(run, console, join(workingDirectory, 'logs'));
  const tell = createFindingsLog(console);
  const file = await readConfigFile(run.input);
  loadConfigFiles([file], 'DeleteImageSetConfiguration', tell);
  console.log('info', '🕵️  going to discover the necessary images...');
  const report = await world.jobs.deleteGenerate(settingsOf(run, console), {
    file,
    signatures: values['delete-signatures'] ? 'delete' : 'keep',
  });
  tell(fileFindings(report));
  if (report.count === 0) {
    console.log('info', '❗ No images to mirror...');
    return end(
      console,
      report.failures.length === 0 ? 'no images to copy' : formatCollectionError(report.failures),
    );
  }
  console.log('info', '📄 Generating delete file...');
  const directory = join(workingDirectory, 'delete');
  const suffix = values['delete-id'] === '' ? '' : `-${values['delete-id']}`;
  const list = writeText(join(directory, `delete-images${suffix}.yaml`), report.deleteImages);
  writeText(join(directory, `delete-imageset-config${suffix}.yaml`), report.deleteImageSetConfig);
  console.log('info', `${directory} file created`);
  console.result(`${report.count} images to delete in ${list}`);
  if (report.failures.length === 0) return end(console);
  console.log(
    'warn',
    'image discovery finished with errors: the delete file might not be complete',
  );
  return end(console, formatCollectionError(report.failures));
}

const deletions: readonly string[] = ['delete', 'untag'];

/** Counts by kind; a held place is no failure: it was kept on purpose, and is told by itself. */
function countDeletions(outcomes: readonly Outcome[]): KindCount[] {
  const counts = new Map<ContentKind, { collected: number; copied: number }>();
  for (const { change, result } of outcomes) {
    if (!deletions.includes(change.action) || result === 'held') continue;
    const kind = contentKindOf(change.kind);
    const count = counts.get(kind) ?? { collected: 0, copied: 0 };
    const done = result === 'failed' ? 0 : 1;
    counts.set(kind, { collected: count.collected + 1, copied: count.copied + done });
  }
  return [...counts].map(([kind, count]) => ({ kind, ...count }));
}

async function execute(run: DeleteRun, console: Console): Promise<number> {
  const { world, parsed, workingDirectory } = run;
  const startedAt = world.clock.now();
  start(run, console, parsed.values.workspace === '' ? 'logs' : join(workingDirectory, 'logs'));
  const list = await readConfigFile(run.input);
  const { result, refused } = await world.jobs.deleteExecute(
    settingsOf(run, console),
    list,
    createProgress(console, world.clock, run.target),
  );
  console.live('');
  logResults(console, countDeletions(result.outcomes), 'deleted');
  const held = result.outcomes.filter(
    (outcome) => outcome.result === 'held' || outcome.change.action === 'hold',
  ).length;
  if (held > 0) console.result(`held ${held}: something that is kept needs them`);
  for (const message of refused) console.log('error', message);
  for (const note of result.notes) console.result(note);
  console.result(`delete time     : ${formatDuration(world.clock.now() - startedAt)}`);
  const failed = result.outcomes.filter((outcome) => outcome.result === 'failed').length;
  if (failed + refused.length > 0) {
    return end(console, `${failed + refused.length} images were not deleted, see above`);
  }
  console.log(
    'info',
    '📝 Remember to execute a garbage collect (or similar) on your remote repository',
  );
  return end(console);
}

/** Deletes in two steps: `--generate` writes a list, `--delete-yaml-file` deletes by it. Every failure is exit code 1. */
export const deleteCommand = defineCommand({
  name: 'delete',
  usage: [
    'delete --generate -c FILE --workspace file://DIR [--delete-id ID] docker://HOST[:PORT][/PATH]',
    'delete --delete-yaml-file FILE docker://HOST[:PORT][/PATH]',
  ],
  summary: 'delete what was mirrored, in two steps',
  flags: deleteFlags,
  usageOnMistake: false,
  prepare(parsed, world): Task {
    const run = { ...readDeleteRoute(parsed), parsed, world };
    return (console) => (parsed.values.generate ? generate(run, console) : execute(run, console));
  },
});
