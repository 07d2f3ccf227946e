import { parse, TomlError } from 'smol-toml';
import { ConfigError, type SourcePosition } from '../../errors.ts';
import type { Mirror, PullRestriction, RegistryRule } from './registry-rule.ts';

type Table = Readonly<Record<string, unknown>>;
type Fail = (why: string) => ConfigError;

/**
 * Reads the `[[registry]]` tables of one file; all else in it (search lists, short names, helpers) is of no concern here.
 *
 * Shape: version 2; of the older version 1 the lists of insecure and blocked registries are understood.
 * @throws ConfigError `INPUT_INVALID` with file and line.
 * @see containers-registries.conf(5)
 */
export function parseRegistryTables(text: string, file: string): readonly RegistryRule[] {
  const document = parseToml(text, file);
  const tables = document['registry'] ?? [];
  const lines = headerLines(text);
  if (!Array.isArray(tables))
    throw invalid({ file, line: 1, column: 1 }, '"registry" is not a list of [[registry]] tables');
  return [
    ...tables.map((table, index) => {
      const fail: Fail = (why) => invalid({ file, line: lines[index] ?? 1, column: 1 }, why);
      return readRule(asTable(table, fail), file, fail);
    }),
    ...readVersionOne(document, file),
  ];
}

function parseToml(text: string, file: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw invalid({ file, line, column }, 'it is not TOML', error);
  }
}

function invalid(at: SourcePosition, why: string, cause?: unknown): ConfigError {
  return new ConfigError('INPUT_INVALID', `${at.file}:${at.line} cannot be used: ${why}.`, {
    at,
    hint: 'containers-registries.conf(5) describes the format.',
    cause,
  });
}

/** The parser keeps no positions of values: the n-th table is found by its header. */
function headerLines(text: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => {
    return /^\s*\[\[\s*"?registry"?\s*\]\]/.test(line) ? [index + 1] : [];
  });
}

function asTable(value: unknown, fail: Fail): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail('a table is expected');
  return value as Table;
}

function readRule(table: Table, file: string, fail: Fail): RegistryRule {
  const location = readLocation(table, 'location', fail);
  const prefix = readLocation(table, 'prefix', fail) || location;
  if (prefix === '') throw fail('a [[registry]] needs a "prefix" or a "location"');
  if (location === '' && !prefix.startsWith('*.')) {
    throw fail(`the [[registry]] with the prefix "${prefix}" needs a "location"`);
  }
  if (/\*/.test(prefix.replace(/^\*\./, ''))) {
    throw fail(`the prefix "${prefix}" may have a wildcard only as "*." in front`);
  }
  const digestOnly = readFlag(table, 'mirror-by-digest-only', fail);
  const mirrors = table['mirror'] ?? [];
  if (!Array.isArray(mirrors)) throw fail('"mirror" is not a list of [[registry.mirror]] tables');
  return {
    prefix,
    location,
    insecure: readFlag(table, 'insecure', fail),
    blocked: readFlag(table, 'blocked', fail),
    mirrors: mirrors.map((mirror) => readMirror(asTable(mirror, fail), digestOnly, fail)),
    file,
  };
}

function readMirror(table: Table, digestOnly: boolean, fail: Fail): Mirror {
  const location = readLocation(table, 'location', fail);
  if (location === '') throw fail('a [[registry.mirror]] needs a "location"');
  const restriction = readText(table, 'pull-from-mirror', fail) || 'all';
  if (!isRestriction(restriction)) {
    throw fail(`"pull-from-mirror" is "all", "digest-only" or "tag-only", not "${restriction}"`);
  }
  if (digestOnly && table['pull-from-mirror'] !== undefined) {
    throw fail('"pull-from-mirror" and "mirror-by-digest-only" cannot be used together');
  }
  return {
    location,
    insecure: readFlag(table, 'insecure', fail),
    pull: digestOnly ? 'digest-only' : restriction,
  };
}

function isRestriction(text: string): text is PullRestriction {
  return text === 'all' || text === 'digest-only' || text === 'tag-only';
}

function readText(table: Table, key: string, fail: Fail): string {
  const value = table[key] ?? '';
  if (typeof value !== 'string') throw fail(`"${key}" is not text`);
  return value;
}

function readFlag(table: Table, key: string, fail: Fail): boolean {
  const value = table[key] ?? false;
  if (typeof value !== 'boolean') throw fail(`"${key}" is neither true nor false`);
  return value;
}

function readLocation(table: Table, key: string, fail: Fail): string {
  const value = readText(table, key, fail).trim().replace(/\/+$/, '');
  if (/^https?:\/\//i.test(value))
    throw fail(`"${key}" must not have a URL scheme, but is "${value}"`);
  return value;
}

/** `[registries.insecure]` and `[registries.block]`, with a list `registries` each. */
function readVersionOne(document: Table, file: string): readonly RegistryRule[] {
  const names = (section: string): unknown[] => {
    const table = (document['registries'] as Table | undefined)?.[section] as Table | undefined;
    return Array.isArray(table?.['registries']) ? table['registries'] : [];
  };
  const insecure = names('insecure');
  const blocked = names('block');
  return [...new Set([...insecure, ...blocked])]
    .filter((name) => typeof name === 'string')
    .map((name) => ({
      prefix: name,
      location: name,
      insecure: insecure.includes(name),
      blocked: blocked.includes(name),
      mirrors: [],
      file,
    }));
}
