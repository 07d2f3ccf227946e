import { compareText } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type ConfigFile, namesOf } from '../imageset/index.ts';
import type { Revision } from '../plan/index.ts';
import { type State, takeOverNames } from '../state/index.ts';
import type { BaseFiles, MirrorRequest, PlanRequest } from './types.ts';

/** The image sets that a run is about, as the files and the state know them. */
export interface Scope {
  /** The files of the head, with all names under which they were known. */
  readonly head: readonly ConfigFile[];
  readonly base: BaseFiles;
  /** Names of the image sets of the run, of its base and head. */
  readonly ownImageSets: ReadonlySet<string>;
  readonly headRevision: Revision;
  readonly notices: readonly Diagnostic[];
}

/** Gives the files of the base: as the door knows them, else as they were last applied, else none. */
async function findBase(
  { base }: Pick<PlanRequest, 'base'>,
  head: readonly ConfigFile[],
  { imageSets }: State,
): Promise<BaseFiles> {
  const found = await base(imageSets);
  if (found) return found;
  const names = new Map(head.flatMap((file) => namesOf(file).map((name) => [name, file] as const)));
  const files = imageSets.flatMap(({ name, text }): ConfigFile[] => {
    const file = names.get(name);
    return file ? [{ ...file, text, formerNames: [name] }] : [];
  });
  return { files, revision: { from: files.length > 0 ? 'state' : 'none' } };
}

const unknownAge: Diagnostic = {
  severity: 'notice',
  code: 'age-unknown',
  summary: 'Nobody can tell whether something newer than this commit was applied already.',
  detail: 'The history that can be had does not lead from one to the other.',
  fix: 'Check out with fetch-depth: 0',
};

function older(commit: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'older-commit',
    summary: 'Something newer than this commit was applied already.',
    detail: `The commit ${commit} is newer. Mirroring would bring back what it may have removed, so it needs a review like a delete.`,
  };
}

/** A mirror run has no review, so it only reports the effect. */
function broughtBack(commit: string): Diagnostic {
  return {
    ...older(commit),
    detail: `The commit ${commit} is newer. This run mirrored again what that one may have removed; check out the newest commit if that is not wanted.`,
  };
}

/** A directory names an image set on its own machine alone. */
function diagnoseHosts(head: readonly ConfigFile[], { imageSets }: State): Diagnostic[] {
  const records = new Map(imageSets.map((record) => [record.name, record]));
  return head.flatMap((file): Diagnostic[] => {
    const before = namesOf(file).flatMap((name) => records.get(name)?.host ?? [])[0];
    if (file.host === undefined || before === undefined || before === file.host) return [];
    return [
      {
        severity: 'warning',
        code: 'other-machine',
        summary: 'The image set was last applied from another machine.',
        detail: `Nothing but its directory names it, and ${before} applied one from the same directory. If that is another image set, give one of them a name (name in the action, --name on the command line).`,
        at: { file: file.name, line: 1, column: 1 },
      },
    ];
  });
}

/** Tells which applied commit is newer than the head, and whether the history says nothing of one of them. */
async function findNewer(
  isOlderThan: PlanRequest['isOlderThan'],
  ownImageSets: ReadonlySet<string>,
  { imageSets }: State,
): Promise<{ readonly newer?: string; readonly isUnknown: boolean }> {
  const records = imageSets.filter(({ name }) => ownImageSets.has(name));
  const byCommit = new Map(records.map((record) => [record.commit, record]));
  let isUnknown = false;
  for (const [commit, record] of isOlderThan ? byCommit : []) {
    if (commit === undefined) continue;
    const isOlder = await isOlderThan?.({ ...record, commit });
    if (isOlder) return { newer: commit, isUnknown };
    isUnknown ||= isOlder === undefined;
  }
  return { isUnknown };
}

function withNamesOf(file: ConfigFile, before: readonly ConfigFile[]): ConfigFile {
  const [identity] = namesOf(file);
  const same = before.filter((one) => namesOf(one)[0] === identity);
  const names = new Set([file, ...same].flatMap(namesOf));
  return { ...file, formerNames: [...names].filter((name) => name !== identity) };
}

/** Without any configuration the run speaks for no image set: a missing file never ends one. */
const nothing: Pick<Scope, 'head' | 'base' | 'ownImageSets'> = {
  head: [],
  base: { files: [], revision: { from: 'none' } },
  ownImageSets: new Set(),
};

/** Finds the run that applied what the state has of some image sets, where no commit names it. */
function withRun(
  base: BaseFiles,
  names: ReadonlySet<string>,
  { imageSets, runs }: State,
): BaseFiles {
  const { revision } = base;
  if (revision.from !== 'state' || revision.commit !== undefined) return base;
  const times = imageSets.filter(({ name }) => names.has(name)).flatMap(({ at }) => at ?? []);
  const last = times.sort(compareText).at(-1);
  const run = runs.find(({ at }) => last !== undefined && at >= last);
  return run ? { ...base, revision: { ...revision, run: run.id } } : base;
}

/** Tells of the head what views say of it: that something newer was applied, that no commit has it. */
function describeHead(
  { head, headRevision }: Pick<PlanRequest, 'head' | 'headRevision'>,
  isOlder: boolean,
): Revision {
  const isRendered = head.length > 0 && head.every(({ rendered }) => rendered);
  return { ...headRevision, ...(isRendered && { isRendered }), ...(isOlder && { isOlder }) };
}

/**
 * Finds the base of a run, the image sets for which it speaks, and whether its commit is out of date.
 * @throws MirrorError of the door, if there is no configuration now and there was none before
 */
export async function findScope(request: PlanRequest, state: State): Promise<Scope> {
  const { files: head, notices } = takeOverNames(request.head, state);
  const known = { ...state, imageSets: underPresentNames(state.imageSets, head) };
  const base = await findBase(request, head, known);
  if (head.length === 0) return { ...nothing, headRevision: request.headRevision, notices };
  const ownImageSets = new Set([...head, ...base.files].flatMap(namesOf));
  const { newer, isUnknown } = await findNewer(request.isOlderThan, ownImageSets, state);
  const isOlder = newer !== undefined;
  const aged = isOlder ? [older(newer)] : isUnknown ? [unknownAge] : [];
  const named = head.map((file) => withNamesOf(file, base.files));
  return {
    head: named,
    base: withRun(base, ownImageSets, state),
    ownImageSets,
    headRevision: describeHead(request, isOlder),
    notices: [...notices, ...(base.notices ?? []), ...diagnoseHosts(head, state), ...aged],
  };
}

/**
 * Gives the names under which the state knows the files: the present ones and the former ones. The run does not speak for
 * other image sets of the base.
 */
export async function findOwnNames(
  { files, base, isOlderThan }: Pick<MirrorRequest, 'files' | 'base' | 'isOlderThan'>,
  state: State,
): Promise<Pick<Scope, 'ownImageSets' | 'notices'>> {
  const { files: head, notices } = takeOverNames(files, state);
  const known = underPresentNames(state.imageSets, head);
  const before = (await base?.(known))?.files ?? [];
  const own = new Set(head.map((file) => namesOf(file)[0]));
  const same = before.filter((file) => own.has(namesOf(file)[0]));
  const ownImageSets = new Set([...head, ...same].flatMap(namesOf));
  const { newer } = await findNewer(isOlderThan, ownImageSets, state);
  const aged = newer === undefined ? [] : [broughtBack(newer)];
  return { ownImageSets, notices: [...notices, ...diagnoseHosts(head, state), ...aged] };
}

/** Doors ask for records by the names that files have now. */
function underPresentNames(records: State['imageSets'], head: readonly ConfigFile[]) {
  const present = new Map(
    head.flatMap((file) => namesOf(file).map((name) => [name, namesOf(file)[0] ?? name] as const)),
  );
  return records.map((record) => ({ ...record, name: present.get(record.name) ?? record.name }));
}
