import { sortBy } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { namesOf } from '../imageset/index.ts';
import { type BaseFiles, type ConfigFile, type PlanRequest, pairRenames } from '../run/index.ts';
import type { AppliedImageSet } from '../state/index.ts';
import { type Checkout, readIdentity } from './checkout.ts';
import { type ConfigSource, covers, readCommit } from './config-files.ts';
import { followLinks } from './follow-links.ts';
import type { Git } from './git.ts';
import { openCommit } from './tree.ts';

/** The facts that decide where a diff starts. */
export interface BaseFacts {
  readonly source: ConfigSource;
  readonly head: readonly ConfigFile[];
  /** A commit that the user named: it wins over everything. */
  readonly named?: string | undefined;
  /** Gives the commits before the change, as the event knows them, the best first. */
  events(): Promise<readonly string[]>;
  /** Makes the error for a named commit that cannot be had. */
  refuse(commit: string): Error;
}

/** A change that repairs such a file must be possible. Its former content is unknown, so nothing of it is removed. */
function diagnoseUnreadable({ message }: Error, commit: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'base-unreadable',
    summary: 'A file of the commit before the change cannot be read as a configuration.',
    detail: `In ${commit}: ${message} It counts as missing: nothing that it asked for is removed.`,
    text: message,
  };
}

async function filesAt(
  { source, head }: BaseFacts,
  revision: string,
  from: BaseFiles['revision']['from'],
): Promise<BaseFiles | undefined> {
  const commit = await obtain(source.checkout.git, revision);
  if (commit === undefined) return undefined;
  const notices: Diagnostic[] = [];
  const refuse = (error: Error): undefined => {
    notices.push(diagnoseUnreadable(error, commit));
  };
  const files = await readCommit({ ...source, refuse }, commit, head);
  return files && { files, revision: { commit, from }, ...(notices.length > 0 && { notices }) };
}

async function eventFiles(facts: BaseFacts): Promise<BaseFiles | undefined> {
  for (const commit of await facts.events()) {
    const found = await filesAt(facts, commit, 'event');
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Tells whether a path exists; a path that cannot be looked up, such as one behind a broken link, was not removed. */
async function isThere({ checkout }: ConfigSource, path: string): Promise<boolean> {
  return (await followLinks(checkout.now, path).catch(() => 'unknown')) !== undefined;
}

/** Gives the recorded image sets of this repository that are not in the head; most of them are just not part of this run. */
function readRecords({ source, head }: BaseFacts, applied: readonly AppliedImageSet[]): GoneFile[] {
  const own = source.name ?? source.checkout.repository;
  const known = new Set(head.flatMap(namesOf));
  return applied.flatMap(({ name: identity, text, commit }): GoneFile[] => {
    const { repository, path } = readIdentity(identity);
    const isOwn = repository === own && (path !== undefined || source.name !== undefined);
    if (!isOwn || known.has(identity)) return [];
    const facts = { ...(path !== undefined && { path }), ...(commit !== undefined && { commit }) };
    return [{ name: path ?? identity, text, identity, ...facts }];
  });
}

/** Gives the files whose paths no longer exist. */
async function onlyGone(source: ConfigSource, files: readonly ConfigFile[]): Promise<GoneFile[]> {
  const gone: GoneFile[] = [];
  for (const file of files) {
    const { name, path, identity = name } = file;
    if (path === undefined || !(await isThere(source, path))) gone.push({ ...file, identity });
  }
  return gone;
}

/** Gives a former file under its present identity. */
function asNow(after: ConfigFile, before: { readonly text: string; readonly identity: string }) {
  const { name, path, identity = name } = after;
  return {
    ...{ name, identity, text: before.text },
    ...(path !== undefined && { path }),
    ...(before.identity !== identity && { formerNames: [before.identity] }),
  };
}

/**
 * Joins three kinds of files of the base: known by name, renamed, and removed ones that this run would have read.
 */
async function joinGone(
  { source, head }: BaseFacts,
  known: ReadonlyMap<ConfigFile, GoneFile>,
  others: readonly ConfigFile[],
): Promise<readonly ConfigFile[]> {
  const gone = await onlyGone(source, others);
  const open = head.filter((file) => !known.has(file));
  const renames = await findRenames(source.checkout, gone, open);
  const renamed = new Set(renames.values());
  const removed = gone.filter(
    (file) => !renamed.has(file) && file.path !== undefined && covers(source, file.path),
  );
  return [...[...known, ...renames].map(([after, before]) => asNow(after, before)), ...removed];
}

/** Pairs files of the head with former files by one of their names. */
function pairByName(head: readonly ConfigFile[], before: ReadonlyMap<string, GoneFile>) {
  const pairs = head.flatMap((file) => {
    const found = namesOf(file).flatMap((name) => before.get(name) ?? [])[0];
    return found ? [[file, found] as const] : [];
  });
  return new Map(pairs);
}

async function compareWith(facts: BaseFacts, base: BaseFiles): Promise<BaseFiles> {
  const { files } = base;
  const before = new Map(
    files.map((file) => [file.identity ?? file.name, { ...file, identity: file.identity ?? '' }]),
  );
  const known = pairByName(facts.head, before);
  const paired = new Set([...known.values()].map(({ identity }) => identity));
  const others = files.filter(({ identity = '' }) => !paired.has(identity));
  return { ...base, files: await joinGone(facts, known, others) };
}

/** Gives the oldest commit of the records. Records of older versions have no time and come first. */
function oldestCommit(records: readonly AppliedImageSet[]): string | undefined {
  const sorted = sortBy(records, ({ at = '' }) => at);
  return sorted.find(({ commit }) => commit !== undefined)?.commit;
}

/** Gives the base of each image set: its last applied text, else its text in the commit before the change. */
async function findEach(
  facts: BaseFacts,
  applied: readonly AppliedImageSet[],
): Promise<BaseFiles | undefined> {
  const records = new Map(applied.map((one) => [one.name, { ...one, identity: one.name }]));
  const known = pairByName(facts.head, records);
  const others = readRecords(facts, applied);
  const fromState = await joinGone(facts, known, others);
  const names = new Set(fromState.flatMap(namesOf));
  const missing = facts.head.filter((file) => !namesOf(file).some((name) => names.has(name)));
  const needsEvent = missing.length > 0 || fromState.length === 0;
  const event = needsEvent ? await eventFiles(facts) : undefined;
  const since = event && {
    ...event,
    files: event.files.filter((file) => !namesOf(file).some((name) => records.has(name))),
  };
  const before = since && (await compareWith({ ...facts, head: missing }, since));
  if (fromState.length === 0) return before;
  const used = applied.filter(({ name }) => names.has(name));
  const commit = oldestCommit(used);
  return {
    ...before,
    files: [...fromState, ...(before?.files ?? [])],
    revision: { from: 'state', ...(commit !== undefined && { commit }) },
  };
}

/**
 * Makes the function that finds the base of a plan: each image set as it was last applied if the state knows it, else as it
 * was before the change. A commit that the user named wins over both.
 * @see the laws of the plan: the base of a diff is what was last applied, so that a dropped run is caught up
 */
export function findBase(facts: BaseFacts): PlanRequest['base'] {
  return async (applied) => {
    if (facts.named === undefined) return await findEach(facts, applied);
    const found = await filesAt(facts, facts.named, 'input');
    if (found === undefined) throw facts.refuse(facts.named);
    return await compareWith(facts, found);
  };
}

/** An image set of the base that the head does not have under the same name. */
interface GoneFile extends ConfigFile {
  readonly identity: string;
}

/** Gives the full name of a commit, after fetching it if it is missing. */
async function obtain(git: Git | undefined, revision: string): Promise<string | undefined> {
  const here = await git?.resolve(revision);
  if (here !== undefined) return here;
  return (await git?.fetch(revision)) ? await git?.resolve(revision) : undefined;
}

/** Lists the files of the commits of missing image sets, as far as the commits can be fetched. */
async function listCommits(git: Git | undefined, gone: readonly GoneFile[]) {
  const paths = new Map<string, ReadonlySet<string>>();
  for (const commit of new Set(gone.flatMap((file) => file.commit ?? []))) {
    const here = await obtain(git, commit);
    const tree = git && here ? await openCommit(git, here) : undefined;
    if (tree) paths.set(commit, new Set(tree.tracked.map(({ path }) => path)));
  }
  return paths;
}

/**
 * Finds renames as git does: the old path no longer exists, the new one is new, and half of the text is the same. An image
 * set that was known by a given name may have had any path.
 */
async function findRenames(
  { git }: Checkout,
  gone: readonly GoneFile[],
  come: readonly ConfigFile[],
): Promise<ReadonlyMap<ConfigFile, GoneFile>> {
  if (gone.length === 0 || come.length === 0) return new Map();
  const commits = await listCommits(git, gone);
  return pairRenames(gone, come, (before, after) => {
    if (before.path === undefined) return true;
    const then = before.commit === undefined ? undefined : commits.get(before.commit);
    return then?.has(before.path) === true && !then.has(after.path ?? '');
  });
}
