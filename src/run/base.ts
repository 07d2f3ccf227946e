import type { Diagnostic } from '../diagnostic.ts';
import type { Revision } from '../plan/index.ts';
import type { State } from '../state/index.ts';
import { namesOf, takeOverNames } from './former-names.ts';
import type { BaseFiles, ConfigFile, MirrorRequest, PlanRequest } from './types.ts';

/** What a run is about, next to what the state knows. */
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

/** Nobody reviews a mirror run: it is told what it does. */
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

/** Gives the records of image sets by their commits. */
function recordsFor(ownImageSets: ReadonlySet<string>, { imageSets }: State) {
  const records = imageSets.filter(({ name }) => ownImageSets.has(name));
  return new Map(
    records.flatMap((record) =>
      record.commit === undefined
        ? []
        : [[record.commit, { ...record, commit: record.commit }] as const],
    ),
  );
}

/** Gives a commit of the records that is newer than the head, as far as can be told. */
async function findNewer(
  isOlderThan: PlanRequest['isOlderThan'],
  records: ReturnType<typeof recordsFor>,
  onUnknown?: () => void,
): Promise<string | undefined> {
  for (const record of isOlderThan ? records.values() : []) {
    const isOlder = await isOlderThan?.(record);
    if (isOlder) return record.commit;
    if (isOlder === undefined) onUnknown?.();
  }
  return undefined;
}

/** Tells of the head whether it is older than what was applied of one of its image sets. */
async function judgeAge(
  { headRevision, isOlderThan }: PlanRequest,
  ownImageSets: ReadonlySet<string>,
  state: State,
): Promise<Pick<Scope, 'headRevision' | 'notices'>> {
  const notices = new Set<Diagnostic>();
  const newer = await findNewer(isOlderThan, recordsFor(ownImageSets, state), () => {
    notices.add(unknownAge);
  });
  if (newer === undefined) return { headRevision, notices: [...notices] };
  return { headRevision: { ...headRevision, isOlder: true }, notices: [older(newer)] };
}

/** The base knows under which names a file went before. */
function withNamesOf(file: ConfigFile, before: readonly ConfigFile[]): ConfigFile {
  const [identity] = namesOf(file);
  const same = before.filter((one) => namesOf(one)[0] === identity);
  const names = new Set([file, ...same].flatMap(namesOf));
  return { ...file, formerNames: [...names].filter((name) => name !== identity) };
}

/** An image set is never ended by a file that is missing: without any configuration nothing is spoken for. */
const nothing: Pick<Scope, 'head' | 'base' | 'ownImageSets'> = {
  head: [],
  base: { files: [], revision: { from: 'none' } },
  ownImageSets: new Set(),
};

/**
 * Finds out what a run is about: what was wanted before, for which image sets it speaks, and whether it is out of date.
 * @throws MirrorError of the door, where there is no configuration now and none before
 */
export async function findScope(request: PlanRequest, state: State): Promise<Scope> {
  const { files: head, notices } = takeOverNames(request.head, state);
  const known = { ...state, imageSets: underPresentNames(state.imageSets, head) };
  const base = await findBase(request, head, known);
  if (head.length === 0) return { ...nothing, headRevision: request.headRevision, notices };
  const ownImageSets = new Set([...head, ...base.files].flatMap(namesOf));
  const { headRevision, notices: aged } = await judgeAge(request, ownImageSets, state);
  const named = head.map((file) => withNamesOf(file, base.files));
  return {
    head: named,
    base,
    ownImageSets,
    headRevision,
    notices: [...notices, ...(base.notices ?? []), ...diagnoseHosts(head, state), ...aged],
  };
}

/**
 * Gives the names under which the state knows what is mirrored: those of the files, and those that they had before. What
 * else was wanted before is not spoken for.
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
  const newer = await findNewer(isOlderThan, recordsFor(ownImageSets, state));
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
