import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../apply/index.ts';
import { isRemoval } from '../plan/index.ts';
import { contentKindOf, type ImageFailure, type KindCount } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import { tellClosing } from './closing.ts';
import { defineCommand, type Task } from './command.ts';
import {
  createFindingsLog,
  fileFindings,
  loadConfigFiles,
  readConfigFile,
} from './config-files.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { deleteFlags } from './flag-tables.ts';
import { type Parsed, usageError } from './flags.ts';
import { saveFailures } from './mirror-output.ts';
import { createProgress } from './progress.ts';
import { settingsOfFlags } from './settings.ts';
import { readDestination, refuseNegative, refuseSecond } from './validate.ts';
import { formatCollectionError, formatResults, words } from './words.ts';
import { createWorkspace, findCache, findWorkingDirectory, writeText } from './workspace.ts';
import type { World } from './world.ts';

type Flags = Parsed<typeof deleteFlags>;

interface DeleteRun {
  readonly parsed: Flags;
  readonly world: World;
  /** `host[:port][/path]` */
  readonly target: string;
  /** Path of the configuration, or of the list. */
  readonly input: string;
  readonly workingDirectory: string;
}

function checkGenerate({ values }: Flags): string {
  if (values.workspace === '') {
    throw usageError(
      'use the --workspace flag, it is mandatory when using the delete command with the --generate flag',
    );
  }
  const [config, more] = values.config;
  if (config === undefined) {
    throw usageError('the --config flag is mandatory when used with the --generate flag');
  }
  if (more !== undefined) throw usageError('delete --generate takes one --config');
  return config;
}

function checkExecute({ values }: Flags): string {
  if (values['delete-v1-images']) {
    throw usageError('the --delete-v1-images flag can only be used alongside the --generate flag');
  }
  const list = values['delete-yaml-file'];
  if (list === '') {
    throw usageError('the --delete-yaml-file flag is mandatory when not using the --generate flag');
  }
  return list;
}

/**
 * Validates a delete command line.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words, `NOT_BUILT`.
 * @see oc-mirror v2, delete workflow
 */
function readDeleteRun(parsed: Flags, world: World): DeleteRun {
  const { values } = parsed;
  const input = values.generate ? checkGenerate(parsed) : checkExecute(parsed);
  const [destination] = parsed.words;
  if (destination === undefined) {
    throw usageError('the destination registry is missing in the command arguments');
  }
  if (!destination.startsWith('docker://')) {
    throw usageError('the destination registry argument must have a docker:// protocol prefix');
  }
  refuseSecond(parsed.words);
  refuseNegative(values, 'max-nested-paths');
  if (/[/\\]/.test(values['delete-id'])) {
    throw usageError('--delete-id becomes a part of a file name and must not contain a slash');
  }
  const workingDirectory = findWorkingDirectory(values.workspace);
  if (!existsSync(input)) throw usageError(`file not found ${input}`);
  return { parsed, world, input, workingDirectory, target: readDestination(destination) };
}

function start(console: Console, logs: string): void {
  console.openLog(logs);
  console.greet();
  console.log('info', words.mode('delete'));
}

function settingsOf({ parsed, world, target, workingDirectory }: DeleteRun, console: Console) {
  return settingsOfFlags(parsed, { world, log: console, target, workspace: workingDirectory });
}

function end(console: Console, failure?: string): number {
  console.log('info', words.goodbye);
  if (failure !== undefined) console.log('error', words.executor(failure));
  return failure === undefined ? 0 : genericFailure;
}

/** Forgets what was deleted, and all of the cache that nothing reaches, where the flag asks for it. */
async function prune(run: DeleteRun, console: Console, outcomes: readonly Outcome[]) {
  const { world, target, parsed } = run;
  if (!parsed.values['force-cache-delete']) return;
  const cache = findCache(parsed.values['cache-dir'], world.env);
  const { tags, manifests, blobs, bytes } = await world.jobs.pruneCached({
    cache,
    target,
    outcomes,
  });
  console.result(
    `cache: ${tags} tags, ${manifests} manifests and ${blobs} blobs removed, ${formatBytes(bytes)} freed`,
  );
}

async function generate(run: DeleteRun, console: Console): Promise<number> {
  const { world, workingDirectory } = run;
  const { values } = run.parsed;
  createWorkspace(workingDirectory);
  start(console, join(workingDirectory, 'logs'));
  const tell = createFindingsLog(console);
  const file = await readConfigFile(run.input);
  loadConfigFiles([file], 'DeleteImageSetConfiguration', tell);
  console.log('info', words.discover);
  const report = await world.jobs.deleteGenerate(settingsOf(run, console), {
    file,
    cache: findCache(values['cache-dir'], world.env),
    signatures: values['delete-signatures'] ? 'delete' : 'keep',
    ...(values['delete-v1-images'] && { places: 'v1' as const }),
  });
  tell(fileFindings(report));
  await prune(run, console, []);
  // An empty list is written too: a script that deletes next must not find the list of an earlier run.
  if (report.count === 0 && (report.collected === 0 || report.failures.length > 0)) {
    console.log('info', words.nothingToMirror);
    return end(
      console,
      report.failures.length === 0 ? words.noImages : formatCollectionError(report.failures),
    );
  }
  console.log('info', words.generating('delete'));
  const directory = join(workingDirectory, 'delete');
  const suffix = values['delete-id'] === '' ? '' : `-${values['delete-id']}`;
  const list = writeText(join(directory, `delete-images${suffix}.yaml`), report.deleteImages);
  writeText(join(directory, `delete-imageset-config${suffix}.yaml`), report.deleteImageSetConfig);
  console.log('info', words.created(directory));
  console.result(
    report.count === 0
      ? `nothing is left to delete: ${list} is empty`
      : `${report.count} images to delete in ${list}`,
  );
  if (report.failures.length === 0) return end(console);
  console.log('warn', words.incompleteDelete);
  return end(console, formatCollectionError(report.failures));
}

/** Counts deletions by kind. Held images are not counted: they were kept on purpose, and a line of their own names them. */
function countDeletions(outcomes: readonly Outcome[]): KindCount[] {
  const tried = outcomes.filter(({ change, result }) => isRemoval(change) && result !== 'held');
  const kinds = Map.groupBy(tried, ({ change }) => contentKindOf(change.kind));
  return [...kinds].map(([kind, all]) => {
    const done = all.filter(({ result }) => result !== 'failed');
    return { kind, collected: all.length, copied: done.length };
  });
}

/** Says of a failed deletion what the file of errors says of an image. */
function toFailure(outcome: Outcome, target: string): ImageFailure[] {
  if (outcome.result !== 'failed') return [];
  const { change, message, hint } = outcome;
  const [host = ''] = target.split('/', 1);
  const origin = `docker://${host}/${change.repository}:${change.tag}`;
  return [
    { kind: contentKindOf(change.kind), origin, message, ...(hint !== undefined && { hint }) },
  ];
}

async function execute(run: DeleteRun, console: Console): Promise<number> {
  const { world, parsed, workingDirectory } = run;
  const startedAt = world.clock.now();
  const logs = parsed.values.workspace === '' ? 'logs' : join(workingDirectory, 'logs');
  start(console, logs);
  const list = await readConfigFile(run.input);
  const { result, refused } = await world.jobs.deleteExecute(
    settingsOf(run, console),
    list,
    createProgress(console, world, run.target),
  );
  console.live(undefined);
  for (const line of formatResults(countDeletions(result.outcomes), 'deleted'))
    console.result(line);
  const held = result.outcomes.filter(
    (outcome) => outcome.result === 'held' || outcome.change.action === 'hold',
  ).length;
  if (held > 0) console.result(`held ${held}: something that is kept needs them`);
  for (const message of refused) console.log('error', message);
  await prune(run, console, result.outcomes);
  console.result(words.time('delete', world.clock.now() - startedAt));
  tellClosing(console, result, { ...run, program: world.program });
  const failed = result.outcomes.flatMap((outcome) => toFailure(outcome, run.target));
  const where = failed.length > 0 ? saveFailures(console, logs, failed) : 'the lines above';
  if (failed.length + refused.length > 0) {
    const count = failed.length + refused.length;
    return end(console, `${count} images were not deleted. Please review ${where}.`);
  }
  console.log('info', words.collectGarbage);
  return end(console);
}

/** Deletes in two steps: `--generate` writes a list, `--delete-yaml-file` deletes by it. The exit code of every failure is 1. */
export const deleteCommand = defineCommand({
  name: 'delete',
  usage: [
    'delete --generate -c FILE --workspace file://DIR [--delete-id ID] docker://HOST[:PORT][/PATH]',
    'delete --delete-yaml-file FILE docker://HOST[:PORT][/PATH]',
  ],
  summary: 'delete what was mirrored, in two steps',
  flags: deleteFlags,
  prepare(parsed, world): Task {
    const run = readDeleteRun(parsed, world);
    return (console) => (parsed.values.generate ? generate(run, console) : execute(run, console));
  },
});
