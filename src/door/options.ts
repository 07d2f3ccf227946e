import { basename, join } from 'node:path';
import type { ConfigError } from '../errors.ts';
import { hostPattern, repositoryPattern } from '../oci/index.ts';
import type { PlanOptions } from '../plan/index.ts';
import { parseUndoChoice, type Settings, type UndoChoice } from '../run/index.ts';
import { isGivenName } from './checkout.ts';

/** An option as its user wrote it, or its default. */
export interface WrittenOption {
  readonly text: string;
  /** Makes the error in the words of the door: it names the option, shows the text, and says the problem. */
  refuse(problem: string, hint?: string): ConfigError;
}

/** One option of both doors: the only place where it is read. */
export interface SharedOption<Value> {
  readonly default: string;
  /** A line of the usage text. */
  readonly help: string;
  /** @throws ConfigError `INPUT_INVALID` */
  read(written: WrittenOption): Value;
}

/** Shows a value in a message; a user may write a long one. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Makes a reader that gives `undefined` for an empty text. */
export function optional<Value>(read: (written: WrittenOption) => Value) {
  return (written: WrittenOption): Value | undefined =>
    written.text === '' ? undefined : read(written);
}

/** Tells whether a text is a day, `yyyy-MM-dd`: JavaScript would read 31 February as a day of March. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Makes a reader of one of some words. */
export function oneOf<Word extends string>(...words: readonly Word[]) {
  return ({ text, refuse }: WrittenOption): Word => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw refuse(`is not one of ${words.join(', ')}`, `Write one of: ${words.join(', ')}.`);
  };
}

/** Reads a list, one entry a line; empty lines and lines that begin with `#` are left out. */
export function readLines({ text }: Pick<WrittenOption, 'text'>): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Gives the path of a directory, which may be written with the scheme `file://`. */
export function readDirectory({ text }: Pick<WrittenOption, 'text'>): string {
  return text.replace(/^file:\/\//, '');
}

/** Gives the working directory of a workspace: `working-dir` in it, or the workspace itself where that is its name. */
export function workingDirectory(workspace: string): string {
  return basename(workspace) === 'working-dir' ? workspace : join(workspace, 'working-dir');
}

/**
 * Reads the registry that receives the mirror, `[docker://]host[:port][/path]`; gives it without transport.
 * @throws ConfigError `INPUT_INVALID` for a tag, a digest, or characters that no path has
 */
export function readTarget({ text, refuse }: WrittenOption): string {
  const target = text.replace(/^docker:\/\//, '').replace(/\/+$/, '');
  const [host = '', ...path] = target.split('/');
  const isPath = path.length === 0 || repositoryPattern.test(path.join('/'));
  if (hostPattern.test(host) && isPath) return target;
  throw refuse(
    'is not of the form host[:port][/path]',
    'Write docker://host[:port][/path], the path in lower case, without a tag or a digest, such as docker://registry.example.com:8443.',
  );
}

function readState({ text, refuse }: WrittenOption): Settings['state'] {
  if (text === 'registry') return text;
  const directory = readDirectory({ text });
  if (directory !== '') return { directory };
  throw refuse('is not a directory', 'Write registry or a directory.');
}

function readMaxDelete({ text, refuse }: WrittenOption): PlanOptions['maxDelete'] {
  const [, amount = '', percent] = /^(\d{1,15}(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  if (percent === '%' && value <= 100) return { share: value / 100 };
  if (percent === '' && Number.isSafeInteger(value)) return { count: value };
  throw refuse(
    'is neither a number nor a percentage',
    'Write a number of images (20) or a share of what is mirrored (50%).',
  );
}

function readRevision({ text, refuse }: WrittenOption): string {
  if (!text.startsWith('-')) return text;
  throw refuse('begins with a dash', 'Write a commit, a tag or a branch.');
}

function readGivenName({ text, refuse }: WrittenOption): string {
  if (isGivenName(text)) return text;
  throw refuse(
    'cannot name an image set',
    'Write letters, digits and . _ - / : @, such as clusters/prod.',
  );
}

function readUndo({ text, refuse }: WrittenOption): UndoChoice {
  const undo = parseUndoChoice(text);
  if (undo !== undefined) return undo;
  throw refuse(
    'is neither the number of an apply nor last',
    'Write the number of the run, or last.',
  );
}

/** Reads values files of charts, `podinfo=values/podinfo.yaml` a line. */
function readChartValues({ text, refuse }: WrittenOption): NonNullable<Settings['helmValues']> {
  return readLines({ text }).map((line) => {
    const [, chart, path] = /^([^=\s]+)\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (chart !== undefined && path !== undefined) return { chart, path };
    throw refuse(
      'is not of the form CHART=FILE',
      'Write the name of a chart and the path of a values file, such as podinfo=values/podinfo.yaml.',
    );
  });
}

/** The options that are an input of the action and a flag of the command line, with the same values in both. */
export const sharedOptions = {
  state: {
    default: 'registry',
    help: 'where the state lies: registry, or a directory',
    read: readState,
  },
  base: {
    default: '',
    help: 'commit to compare with (default: the one last applied)',
    read: optional(readRevision),
  },
  name: {
    default: '',
    help: 'name of the image set in the state (default: repository and path)',
    read: optional(readGivenName),
  },
  prune: {
    default: 'removed',
    help: 'what to delete: removed, stale, none',
    read: oneOf('removed', 'stale', 'none'),
  },
  'max-delete': {
    default: '50%',
    help: 'number or percentage that one run may delete',
    read: readMaxDelete,
  },
  protect: {
    default: '',
    help: 'glob of references that are never deleted; may be repeated',
    read: readLines,
  },
  signatures: {
    default: 'copy',
    help: 'cosign signatures and referrers of images: copy, skip',
    read: oneOf('copy', 'skip'),
  },
  'currently-running': {
    default: '',
    help: 'version that a cluster runs, or a file of oc get clusterversion,csv -A -o json; may be repeated',
    read: readLines,
  },
  'helm-values': {
    default: '',
    help: 'CHART=FILE: values file of a Helm chart; may be repeated',
    read: readChartValues,
  },
  undo: {
    default: 'last',
    help: 'number of the apply to undo (17, or 17-3fa9c0de12345678 where two have it), or last',
    read: readUndo,
  },
} satisfies Readonly<Record<string, SharedOption<unknown>>>;
