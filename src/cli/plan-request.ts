import { realpath } from 'node:fs/promises';
import {
  type BaseFacts,
  type ConfigSource,
  findAge,
  findBase,
  type Git,
  identifyFiles,
  openCheckout,
  readGlobs,
  readNow,
} from '../door/index.ts';
import type { ConfigError } from '../errors.ts';
import type { BaseFiles, ConfigFile, MirrorRequest, PlanRequest } from '../run/index.ts';
import { usageError } from './flags.ts';
import { type LocatedFile, readImageSetFiles, type UserPlace } from './image-set-files.ts';

/** The flags that name the files to compare. */
export interface PlanFlags {
  readonly config: readonly string[];
  readonly base: string | undefined;
  readonly before: readonly string[];
  readonly name?: string | undefined;
}

interface Part {
  readonly source: ConfigSource | undefined;
  readonly head: readonly ConfigFile[];
}

function sourceOf(files: readonly LocatedFile[], name: string | undefined) {
  const [first] = files;
  if (!first?.checkout) return undefined;
  const paths = files.map(({ file }) => file.path);
  const globs = { wanted: paths, excluded: [], named: paths };
  return { checkout: first.checkout, root: first.checkout.top, globs, name };
}

async function readNamed(
  { config, name }: Pick<PlanFlags, 'config' | 'name'>,
  place: UserPlace,
): Promise<Part[]> {
  const located = await readImageSetFiles(config, place);
  const groups = [...Map.groupBy(located, ({ checkout }) => checkout?.top).values()];
  if (name !== undefined && groups.length > 1) {
    throw usageError(
      '--name cannot name files of several repositories',
      'Mirror them one by one, each with a name of its own.',
    );
  }
  return await Promise.all(
    groups.map(async (files): Promise<Part> => {
      const source = sourceOf(files, name);
      const found = files.map(({ file }) => file);
      if (source) return { source, head: await identifyFiles(source, found) };
      const head = found.map((file) => (name === undefined ? file : { ...file, identity: name }));
      return { source, head };
    }),
  );
}

/** Reads every tracked configuration below the current directory. */
async function readTracked(flags: PlanFlags, place: UserPlace): Promise<Part[]> {
  const checkout = await openCheckout(place.directory, place.env);
  if (!checkout.git) throw refuseNone();
  const globs = readGlobs([], place.directory);
  const root = await realpath(place.directory);
  const source = { checkout, root, globs, name: flags.name };
  return [{ source, head: await readNow(source) }];
}

function refuseNone(): ConfigError {
  return usageError(
    'there is no --config, and git tracks no ImageSetConfiguration here',
    'Name the files with -c FILE.',
  );
}

function refuseBase(base: string): ConfigError {
  const hint = 'Fetch it first: git fetch --unshallow, or git fetch origin COMMIT.';
  return usageError(`--base "${base}" is no commit of this repository`, hint);
}

/** Pairs the files of `--before` with those of `--config` in order, so that a renamed file is not a new image set. */
async function readBefore(
  paths: readonly string[],
  head: readonly ConfigFile[],
  place: UserPlace,
): Promise<ConfigFile[]> {
  const before = await readNamed({ config: paths }, place);
  return before
    .flatMap((part) => part.head)
    .map(({ name, identity = name, text, path }, index) => {
      const now = head[index];
      if (!now) return { name, identity, text, ...(path !== undefined && { path }) };
      const current = now.identity ?? now.name;
      const formerNames = [...(now.formerNames ?? []), ...(identity === current ? [] : [identity])];
      return { name: now.name, identity: current, text, formerNames };
    });
}

function joinBases(found: readonly (BaseFiles | undefined)[]): BaseFiles | undefined {
  const known = found.filter((one) => one !== undefined);
  const [first] = known;
  const notices = known.flatMap((one) => one.notices ?? []);
  return first && { ...first, notices, files: known.flatMap(({ files }) => files) };
}

function baseOf(parts: readonly Part[], named?: string): PlanRequest['base'] {
  const bases = parts.flatMap(({ source, head }) => {
    const facts = { head, named, events: async () => [], refuse: refuseBase };
    return source ? [findBase({ ...facts, source } satisfies BaseFacts)] : [];
  });
  return async (applied) => joinBases(await Promise.all(bases.map((base) => base(applied))));
}

/** Reads the files to mirror, and finds the names that they had before. */
export async function createMirrorFiles(
  flags: Pick<PlanFlags, 'config' | 'name'>,
  place: UserPlace,
): Promise<Pick<MirrorRequest, 'files' | 'isOlderThan'> & Pick<PlanRequest, 'base'>> {
  const parts = await readNamed(flags, place);
  const [commit, git] = headOf(parts);
  return {
    files: parts.flatMap(({ head }) => head),
    base: baseOf(parts),
    // Only the local repository is asked: a mirror run never waits for the origin.
    async isOlderThan(applied) {
      if (commit === undefined || commit === applied.commit) return false;
      return await git?.isAncestor(commit, applied.commit);
    },
  };
}

/** Gives the commit of the head if all files are unchanged in it, and its repository. */
function headOf(parts: readonly Part[]): readonly [string | undefined, Git | undefined] {
  const [commit, ...others] = new Set(parts.flatMap(({ head }) => head.map((file) => file.commit)));
  return [others.length > 0 ? undefined : commit, parts[0]?.source?.checkout.git];
}

/** Gives the commit of the head, and a function that compares its age. */
async function ageOf(
  parts: readonly Part[],
): Promise<Pick<PlanRequest, 'headRevision' | 'isOlderThan'>> {
  const [commit, git] = headOf(parts);
  if (commit === undefined || !git) return { headRevision: { from: 'files' } };
  return { headRevision: { from: 'files', commit }, isOlderThan: findAge(git, commit) };
}

/** @throws ConfigError `INPUT_INVALID` for a base that is no commit here */
async function checkBase(base: string, parts: readonly Part[]): Promise<void> {
  for (const { source } of parts) {
    if ((await source?.checkout.git?.resolve(base)) === undefined) throw refuseBase(base);
  }
}

/**
 * Gathers the files of the head, and a function that finds those of the base.
 *
 * The base is `--before`, else `--base`, else each image set as it was last applied.
 * @throws ConfigError `INPUT_INVALID` when flags exclude each other or a commit does not exist.
 */
export async function createPlanRequest(flags: PlanFlags, place: UserPlace): Promise<PlanRequest> {
  const named = flags.base;
  if (named !== undefined && flags.before.length > 0) {
    throw usageError('--base and --before cannot be used together');
  }
  const parts =
    flags.config.length > 0 ? await readNamed(flags, place) : await readTracked(flags, place);
  if (named !== undefined) await checkBase(named, parts);
  const head = parts.flatMap((part) => part.head);
  const base = baseOf(parts, named);
  const [{ source } = {}] = parts;
  const repository = source?.name ?? source?.checkout.repository;
  return {
    head,
    ...(await ageOf(parts)),
    ...(repository !== undefined && { repository }),
    async base(applied) {
      if (flags.before.length > 0) {
        const files = await readBefore(flags.before, head, place);
        return { files, revision: { from: 'files' } };
      }
      const found = await base(applied);
      if (head.length === 0 && (found?.files ?? []).length === 0) throw refuseNone();
      return found;
    },
  };
}
