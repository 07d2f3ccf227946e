import { readFile } from 'node:fs/promises';
import { isAbsolute, normalize, relative } from 'node:path';
import {
  type Diagnostic,
  formatDiagnostic,
  type Severity,
  sortDiagnostics,
} from '../diagnostic.ts';
import { ConfigError, messageOf } from '../errors.ts';
import {
  type CollectionFailure,
  type ImageSetKind,
  type LoadedImageSet,
  loadImageSet,
} from '../imageset/index.ts';
import type { LogLevel } from '../log.ts';
import type { ConfigFile } from '../run/index.ts';
import type { Console } from './console.ts';

const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
};

/** Gives the name by which a user knows a file: relative to the current directory if it lies below it. */
export function nameOf(path: string): string {
  const below = relative('.', path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? normalize(path) : below;
}

/** Says why a file cannot be read, as oc-mirror does; `context` is said before it. */
export function readError(path: string, cause: unknown, context = ''): ConfigError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new ConfigError(
    'CONFIG_UNREADABLE',
    `${context}open ${path}: ${systemWords[code] ?? messageOf(cause)}`,
    { cause, hint: 'Check the path; it is taken from the current directory.' },
  );
}

/**
 * Reads a text file that the user named.
 * @throws ConfigError `CONFIG_UNREADABLE`, `open <path>: no such file or directory`.
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    return { name: nameOf(path), text: await readFile(path, 'utf8') };
  } catch (error) {
    throw readError(path, error);
  }
}

/** Reads files one after the other, so that the error names the first unreadable one. */
export async function readConfigFiles(paths: readonly string[]): Promise<ConfigFile[]> {
  const files: ConfigFile[] = [];
  for (const path of paths) files.push(await readConfigFile(path));
  return files;
}

const levelOf: Readonly<Record<Severity, LogLevel>> = {
  error: 'error',
  warning: 'warn',
  notice: 'info',
};

/** Makes a log of findings: the gravest first, each only once. */
export function createFindingsLog(
  console: Console,
): (loaded: LoadedImageSet['diagnostics']) => void {
  const logged = new Set<string>();
  return (diagnostics) => {
    for (const found of sortDiagnostics(diagnostics)) {
      const line = formatDiagnostic(found);
      if (logged.has(line)) continue;
      logged.add(line);
      // The remedy goes where its finding goes: errors of some commands go to stderr.
      const fix = found.fix?.trimEnd().replaceAll(/^/gm, '    ');
      console.log(levelOf[found.severity], fix === undefined ? line : `${line}\n${fix}`);
    }
  };
}

function placeOf({ at }: Diagnostic): string | undefined {
  return at && `${at.file}:${at.line}:${at.column}`;
}

/** Gives all findings of a collection and its failures, with place and remedy; a failure on the place of an error is left out. */
export function fileFindings(report: {
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
}): readonly Diagnostic[] {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  const told = new Set(errors.map(placeOf));
  const failures = report.failures.map(({ diagnostic }) => diagnostic);
  return [
    ...report.diagnostics,
    ...failures.filter((one) => one.at === undefined || !told.has(placeOf(one))),
  ];
}

/**
 * Parses files of one kind and logs the findings.
 * @throws ConfigError `CONFIG_INVALID` in oc-mirror's words for files that oc-mirror would refuse; all are read first.
 */
export function loadConfigFiles(
  files: readonly ConfigFile[],
  kind: ImageSetKind,
  tell: (diagnostics: LoadedImageSet['diagnostics']) => void,
): LoadedImageSet[] {
  const loaded = files.map((file) => loadImageSet(file, kind));
  tell(loaded.flatMap((one) => one.diagnostics));
  const refusals = loaded.flatMap((one) => one.refusal ?? []);
  if (refusals.length > 0) throw new ConfigError('CONFIG_INVALID', refusals.join('\n'));
  return loaded;
}
