import { join } from 'node:path';

/** A target, and the command line about it. */
export interface CommandPlace {
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

function valueText(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    const directory: unknown = Reflect.get(value, 'directory');
    return typeof directory === 'string' ? `file://${directory}` : undefined;
  }
  return String(value);
}

/** Gives the flags of a command line again, as words. */
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
export function formatNextCommand({ target, workspace, parsed }: PlanPlace): string {
  const plan = join(workspace, 'plan', 'plan.json');
  const words = [...flagsAgain(parsed, carriedToApply), `docker://${target}`];
  return ['imageset-mirror apply --plan', ...[plan, ...words].map(shellWord)].join(' ');
}

/** Writes the command that undoes an apply, ready to be pasted into a shell. */
export function formatUndoCommand(run: number, { target, parsed }: CommandPlace): string {
  const words = [...flagsAgain(parsed), `docker://${target}`];
  return [`imageset-mirror restore --undo ${run}`, ...words.map(shellWord)].join(' ');
}
