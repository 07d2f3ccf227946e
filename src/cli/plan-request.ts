import { ConfigError } from '../errors.ts';
import { sniffImageSet } from '../imageset/index.ts';
import type { ConfigFile, PlanRequest } from '../run/index.ts';
import { readConfigFiles } from './config-files.ts';
import type { GitReader } from './git.ts';
import { inputError } from './validate.ts';

/** What a plan compares. */
export interface PlanFlags {
  readonly config: readonly string[];
  readonly base: string;
  readonly before: readonly string[];
}

/** A file that is meant for this tool and oc-mirror v2; anything else in a repository is not looked at. */
function isImageSet({ text }: ConfigFile): boolean {
  const head = sniffImageSet(text);
  return (
    head?.kind === 'ImageSetConfiguration' && head.apiVersion === 'mirror.openshift.io/v2alpha1'
  );
}

async function findTracked(git: GitReader): Promise<ConfigFile[]> {
  const paths = await git.list();
  const files = (await readConfigFiles(paths ?? [])).filter(isImageSet);
  if (files.length > 0) return files;
  throw inputError(
    'there is no --config, and git tracks no ImageSetConfiguration here',
    'Name the files with -c FILE.',
  );
}

async function readCommit(
  git: GitReader,
  commit: string,
  paths: readonly string[],
): Promise<ConfigFile[]> {
  const named = paths.length > 0;
  const names = named ? paths : ((await git.list(commit)) ?? []);
  const files: ConfigFile[] = [];
  for (const name of names) {
    const text = await git.read(commit, name);
    if (text !== undefined) files.push({ name, text });
  }
  return named ? files : files.filter(isImageSet);
}

/** Files that are given one by one stand for each other in order, so that a renamed one is no new image set. */
async function readBefore({ before, config }: PlanFlags): Promise<ConfigFile[]> {
  const files = await readConfigFiles(before);
  return files.map((file, index) => {
    const name = config[index] ?? file.name;
    return name === file.name ? file : { ...file, name, formerNames: [file.name] };
  });
}

/**
 * Gathers what is to be planned: the files of today, and a way to those of the base.
 *
 * The base is `--before`, else `--base`, else the commit that was last applied where git still has it.
 * @throws ConfigError `INPUT_INVALID` when flags exclude each other or a commit does not exist.
 */
export async function createPlanRequest(flags: PlanFlags, git: GitReader): Promise<PlanRequest> {
  if (flags.base !== '' && flags.before.length > 0) {
    throw inputError('--base and --before cannot be used together');
  }
  const head =
    flags.config.length > 0 ? await readConfigFiles(flags.config) : await findTracked(git);
  const named = flags.base === '' ? undefined : await git.resolve(flags.base);
  if (flags.base !== '' && named === undefined) {
    throw new ConfigError(
      'INPUT_INVALID',
      `--base "${flags.base}" is no commit of this repository`,
      {
        hint: 'Fetch it first: git fetch --unshallow, or git fetch origin COMMIT.',
      },
    );
  }
  return {
    head,
    headRevision: { from: 'files' },
    async base(lastApplied) {
      if (flags.before.length > 0) {
        return { files: await readBefore(flags), revision: { from: 'files' } };
      }
      const commit = named ?? (lastApplied && (await git.resolve(lastApplied)));
      if (commit === undefined || commit === '') return undefined;
      const files = await readCommit(git, commit, flags.config);
      return { files, revision: { commit, from: named === undefined ? 'state' : 'input' } };
    },
  };
}
