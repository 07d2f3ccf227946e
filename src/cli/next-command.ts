import { basename, join, relative } from 'node:path';

/** A target, and the command line about it. */
export interface CommandPlace {
  /** The words that start this program. */
  readonly program: string;
  /** `host[:port][/path]`, without transport. */
  readonly target: string;
  readonly parsed: {
    readonly values: Readonly<Record<string, unknown>>;
    readonly given: ReadonlySet<string>;
  };
}

/** A plan that lies in a workspace, and the command line that made it. */
export interface PlanPlace extends CommandPlace {
  /** The working directory. */
  readonly workspace: string;
}

/** Flags that the next command needs as the last one had them. Passwords and tokens are not written down. */
const carried = [
  'workspace',
  'authfile',
  ...['src', 'dest'].flatMap((side) =>
    ['tls-verify', 'authfile', 'cert-dir', 'no-creds'].map((name) => `${side}-${name}`),
  ),
  'state',
  'max-nested-paths',
] as const;

/** Flags that an apply needs as its plan had them: the configurations, and the policy that images were judged by. */
const carriedToApply = ['config', 'secure-policy', 'policy', 'registries.d'] as const;

/** Writes a word so that a shell takes it as it is. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Names this program as its user starts it, so that a command that is printed can be pasted: `imageset-mirror` where it is
 * installed, else `node dist/cli/index.js`.
 *
 * `node` is the word that started Node, `script` the path of the program, `directory` the current one.
 */
export function nameProgram(node: string, script: string, directory: string): string {
  // npx runs a program from its own cache, which is on no PATH afterwards.
  const isInstalled = basename(script) === 'imageset-mirror' && !script.includes('/_npx/');
  if (isInstalled) return 'imageset-mirror';
  const near = relative(directory, script);
  return [node, near.startsWith('..') ? script : near].map(shellWord).join(' ');
}

function valueText(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    const directory: unknown = Reflect.get(value, 'directory');
    return typeof directory === 'string' ? `file://${directory}` : undefined;
  }
  return String(value);
}

function flagsAgain(
  { values, given }: CommandPlace['parsed'],
  more: readonly string[] = [],
): string[] {
  return [...more, ...carried]
    .filter((name) => given.has(name))
    .flatMap((name) => [values[name]].flat().map((value) => [name, valueText(value)] as const))
    .flatMap(([name, text]) => (text === undefined ? [] : [`--${name}=${text}`]));
}

/** Writes the command that applies a plan, ready to be pasted into a shell. */
export function formatNextCommand({ program, target, workspace, parsed }: PlanPlace): string {
  const plan = join(workspace, 'plan', 'plan.json');
  const words = [...flagsAgain(parsed, carriedToApply), `docker://${target}`];
  return [`${program} apply --plan`, ...[plan, ...words].map(shellWord)].join(' ');
}

/** Writes the command that undoes an apply, ready to be pasted into a shell. */
export function formatUndoCommand(
  run: number | string,
  { program, target, parsed }: CommandPlace,
): string {
  const words = [...flagsAgain(parsed), `docker://${target}`];
  return [`${program} restore --undo ${shellWord(String(run))}`, ...words.map(shellWord)].join(' ');
}

/** Writes the command that repairs a mirror, ready to be pasted into a shell. */
export function formatRepairCommand({ program, target, parsed }: CommandPlace): string {
  const depth = parsed.values['deep'] === true ? ['--deep'] : [];
  const words = [...depth, ...flagsAgain(parsed), `docker://${target}`];
  return [`${program} verify --repair`, ...words.map(shellWord)].join(' ');
}
