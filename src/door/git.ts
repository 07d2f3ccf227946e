import { existsSync } from 'node:fs';
import { createOnce } from '../base/index.ts';
import { findWorkTree, type GitRunner, type ProcessEnv, type WorkTree } from './git-runner.ts';

/** Milliseconds after which a fetch counts as hanging. */
const fetchTimeoutMs = 60_000;

/** A file that git knows, in a commit or in the index. */
export interface TrackedFile {
  /** From the top level. */
  readonly path: string;
  /** `100644`, `100755`, `120000` of a symbolic link, `160000` of a submodule. */
  readonly mode: string;
  /** Name of its content. */
  readonly id: string;
  /** In the index: the file need not lie on disk. */
  readonly isSkipped?: true;
}

/** The questions of the doors to a repository. The answer is `undefined` if git does not know it. */
export interface Git {
  /** Real path of the top level of the work tree; all paths begin there. */
  readonly top: string;
  /** Gives the full name of a local commit. */
  resolve(revision: string): Promise<string | undefined>;
  /** Gives the parents that a commit names, even where a shallow clone lacks them. */
  parents(commit: string): Promise<readonly string[]>;
  /** Gives the time of a commit, in milliseconds since the epoch. */
  timeOf(commit: string): Promise<number | undefined>;
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Tells whether a commit is another one or an ancestor of it, as far as the local history tells. */
  isAncestor(older: string, newer: string): Promise<boolean | undefined>;
  isShallow(): Promise<boolean>;
  /** Fetches one commit from `origin`, in a shallow clone with some of its history; tells whether that worked. */
  fetch(commit: string, depth?: number): Promise<boolean>;
  /** The URL of the remote `origin`. */
  origin(): Promise<string | undefined>;
  /** Tells whether the index exists: something was checked out or added. */
  hasIndex(): Promise<boolean>;
  /** The files of the index. */
  index(): Promise<readonly TrackedFile[] | undefined>;
  /** The files of a commit. */
  files(commit: string): Promise<readonly TrackedFile[] | undefined>;
  /** Lists YAML files whose text has a word: `disk` searches tracked files on disk, `index` as they were added. */
  search(
    word: string,
    where: 'disk' | 'index' | { readonly commit: string },
  ): Promise<readonly string[] | undefined>;
  /** Gives the content of a blob. */
  content(id: string): Promise<Buffer | undefined>;
  /** Gives the tracked files that a sparse checkout keeps on disk; `undefined` if the checkout is not sparse. */
  sparseFiles(): Promise<ReadonlySet<string> | undefined>;
}

const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const yamlFiles = [':(top,icase)*.yaml', ':(top,icase)*.yml'];

function split(bytes: Buffer | undefined): readonly string[] | undefined {
  return bytes
    ?.toString()
    .split('\0')
    .filter((line) => line !== '');
}

/** `H 100644 <id> 0\tpath`; the tag is `S` with skip-worktree, lower case with assume-unchanged. */
function readIndexLine(line: string): TrackedFile[] {
  const [, tag = '', mode = '', id = '', path = ''] =
    /^(\S) (\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? [];
  const isSkipped = tag === 'S' || tag !== tag.toUpperCase();
  return path === '' ? [] : [{ path, mode, id, ...(isSkipped && { isSkipped }) }];
}

/** `100644 blob <id>\tpath` */
function readTreeLine(line: string): TrackedFile[] {
  const [, mode = '', id = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
  return path === '' ? [] : [{ path, mode, id }];
}

function createHistory({ run, head }: WorkTree) {
  const textOf = async (...words: string[]) => (await run(words)).bytes?.toString().trim();
  const resolve = async (revision: string) => {
    if (revision === 'HEAD' || revision === head) return head;
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options'];
    return await textOf(...words, `${revision}^{commit}`);
  };
  const isShallow = async () => (await textOf('rev-parse', '--is-shallow-repository')) === 'true';
  return {
    resolve,
    async parents(commit: string) {
      const text = (await textOf('cat-file', 'commit', commit)) ?? '';
      const [head = ''] = text.split('\n\n', 1);
      return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, parent]) => parent ?? []);
    },
    async timeOf(commit: string) {
      const text = await textOf('show', '--no-patch', '--format=%ct', '--end-of-options', commit);
      return text ? Number(text) * 1000 : undefined;
    },
    mergeBase: (one: string, other: string) => textOf('merge-base', one, other),
    async isAncestor(older: string, newer: string) {
      const { exitCode } = await run(['merge-base', '--is-ancestor', older, newer]);
      return exitCode === undefined ? true : exitCode === 1 ? false : undefined;
    },
    isShallow,
    async fetch(commit: string, depth = 1) {
      // The text may come from a state file: only the full name of a commit may reach the remote.
      if (!commitPattern.test(commit)) return false;
      const words = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
      // A depth would make a whole clone shallow.
      const limit = (await isShallow()) ? [`--depth=${depth}`] : [];
      await run([...words, ...limit, 'origin', commit], fetchTimeoutMs);
      return (await resolve(commit)) !== undefined;
    },
  };
}

/** Names of the settings that every checkout is asked for. */
const settings = String.raw`^(remote\.origin\.url|core\.sparsecheckout|url\..*\.insteadof)$`;

/** Reads settings by one process. Where more than one of them decides, git is asked for its own answer. */
async function readSettings(run: GitRunner) {
  const lines = split((await run(['config', '-z', '--get-regexp', settings])).bytes) ?? [];
  const pairs = lines.map((line) => /^([^\n]*)\n?(.*)$/s.exec(line) ?? []);
  return {
    urls: pairs.flatMap(([, name, value = '']) => (name === 'remote.origin.url' ? [value] : [])),
    isRewritten: lines.some((line) => line.startsWith('url.')),
    mayBeSparse: pairs.some(([, name]) => name === 'core.sparsecheckout'),
  };
}

function createSettings({ run }: WorkTree) {
  const once = createOnce<Awaited<ReturnType<typeof readSettings>>>();
  const read = () => once.run('', () => readSettings(run));
  return {
    async origin() {
      const { urls, isRewritten } = await read();
      if (urls.length === 0 || (urls.length === 1 && !isRewritten)) return urls[0];
      return (await run(['remote', 'get-url', 'origin'])).bytes?.toString().trim();
    },
    async isSparse() {
      if (!(await read()).mayBeSparse) return false;
      const isOn = (await run(['config', '--type=bool', 'core.sparseCheckout'])).bytes;
      return isOn?.toString().trim() === 'true';
    },
  };
}

/** Keeps the files of commits: a commit never changes. */
function rememberFiles(run: GitRunner): Git['files'] {
  const known = new Map<string, readonly TrackedFile[]>();
  return async (commit) => {
    const words = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit];
    const files = known.get(commit) ?? split((await run(words)).bytes)?.flatMap(readTreeLine);
    if (files) known.set(commit, files);
    return files;
  };
}

function createFiles({ run }: WorkTree, isSparse: () => Promise<boolean>) {
  return {
    async hasIndex() {
      const path = (await run(['rev-parse', '--path-format=absolute', '--git-path', 'index']))
        .bytes;
      return path !== undefined && existsSync(path.toString().replace(/\n$/, ''));
    },
    async index() {
      return split((await run(['ls-files', '-z', '-s', '-v'])).bytes)?.flatMap(readIndexLine);
    },
    files: rememberFiles(run),
    async search(word: string, where: Parameters<Git['search']>[1]) {
      const commit = typeof where === 'object' ? where.commit : undefined;
      const place = commit === undefined ? (where === 'index' ? ['--cached'] : []) : [commit];
      const words = ['grep', '-z', '-l', '-F', '--full-name', '-e', word];
      const answer = await run([...words, ...place, '--', ...yamlFiles]);
      // With this exit code git grep says that it found nothing.
      if (answer.exitCode === 1) return [];
      return split(answer.bytes)?.map((line) => (commit ? line.slice(commit.length + 1) : line));
    },
    content: async (id: string) => (await run(['cat-file', 'blob', id])).bytes,
    async sparseFiles() {
      if (!(await isSparse())) return undefined;
      const rules = await run([
        'rev-parse',
        '--path-format=absolute',
        '--git-path',
        'info/sparse-checkout',
      ]);
      const path = rules.bytes?.toString().trim() ?? '';
      const listed = await run(['ls-files', '-z', '-c', '-i', `--exclude-from=${path}`]);
      return new Set(split(listed.bytes) ?? []);
    },
  };
}

/** Opens the repository that a directory lies in; `undefined` where there is none. */
export async function openGit(directory: string, env: ProcessEnv): Promise<Git | undefined> {
  const found = await findWorkTree(directory, env);
  if (found === undefined) return undefined;
  const { origin, isSparse } = createSettings(found);
  return { top: found.top, origin, ...createHistory(found), ...createFiles(found, isSparse) };
}
