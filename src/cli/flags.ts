import { parseArgs } from 'node:util';
import { nearestNames } from '../base/index.ts';
import { quote, type WrittenOption } from '../door/index.ts';
import { ConfigError } from '../errors.ts';
import { type GoValues, readGoValue } from './go-values.ts';

/** Makes the error of a wrong command line, with a remedy where there is one. */
export function usageError(message: string, hint?: string): ConfigError {
  return new ConfigError('INPUT_INVALID', message, { hint });
}

/** One flag, as the usage text shows it. */
export interface FlagSpec {
  readonly type: keyof GoValues;
  /** A single letter, given as `-c`. */
  readonly short?: string;
  /** The default as a user would write it; absent: false, empty or none. */
  readonly default?: string;
  /** Accepted, and left out of the usage text. */
  readonly hidden?: true;
  readonly help: string;
  /** Reads the value of an option that both doors have. */
  read?(written: WrittenOption): unknown;
}

/** Flags by long name, without dashes. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** The plain object that a table of flags is parsed to. */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { read(written: WrittenOption): infer Value }
    ? Value
    : GoValues[Table[Name]['type']];
};

/** A parsed command line of one command. */
export interface Parsed<Table extends FlagTable> {
  readonly values: FlagValues<Table>;
  /** Names of the flags that the user wrote. */
  readonly given: ReadonlySet<string>;
  readonly words: readonly string[];
}

/** Words of a command line, in order; flags still as text. */
type Token =
  | { readonly kind: 'flag'; readonly name: string; readonly raw: string; readonly value?: string }
  | { readonly kind: 'word'; readonly word: string; readonly index: number };

/** `-q=false` means `--quiet=false`; Node's scanner would take it for five letters. */
function spellOut(table: FlagTable, argument: string): string {
  const [, letter, value] = /^-([a-zA-Z])=(.*)$/s.exec(argument) ?? [];
  const named = Object.entries(table).find(([, spec]) => spec.short === letter);
  return letter !== undefined && named ? `--${named[0]}=${value}` : argument;
}

function scan(table: FlagTable, argv: readonly string[]): Token[] {
  const { tokens } = parseArgs({
    args: argv.map((argument) => spellOut(table, argument)),
    options: Object.fromEntries(
      Object.entries(table).map(([name, { type, short }]) => [
        name,
        {
          type: type === 'bool' ? ('boolean' as const) : ('string' as const),
          ...(short !== undefined && { short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.flatMap((token): Token[] => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional')
      return [{ kind: 'word', word: token.value, index: token.index }];
    return [
      {
        kind: 'flag',
        name: token.name,
        raw: token.rawName,
        ...(token.value !== undefined && { value: token.value }),
      },
    ];
  });
}

/** Finds the first word that is neither a flag nor the value of one, and its index in `argv`. */
export function findFirstWord(
  table: FlagTable,
  argv: readonly string[],
): { readonly word: string; readonly index: number } | undefined {
  return scan(table, argv).find((token) => token.kind === 'word');
}

function unknownFlag(table: FlagTable, raw: string): ConfigError {
  const known = Object.keys(table).filter((name) => !table[name]?.hidden);
  const near = raw.startsWith('--') ? nearestNames(raw.slice(2), known)[0] : undefined;
  const meant = near === undefined ? '' : `Did you mean --${near}? `;
  const message = raw.startsWith('--')
    ? `unknown flag: ${raw}`
    : `unknown shorthand flag: '${raw.slice(1, 2)}' in ${raw}`;
  return usageError(message, `${meant}imageset-mirror help COMMAND lists the flags of a command.`);
}

/** A boolean flag never takes the next word as its value: `--flag true` leaves `true` a word. */
function textOf(token: Token & { kind: 'flag' }, spec: FlagSpec): string {
  if (token.value !== undefined) return token.value;
  if (spec.type === 'bool') return 'true';
  const short = token.raw.startsWith('--') ? token.raw : `'${token.raw.slice(1)}' in ${token.raw}`;
  throw usageError(`flag needs an argument: ${short}`);
}

/** @throws ConfigError `INPUT_INVALID` in the words of oc-mirror's flag library */
function readFlagValue(name: string, spec: FlagSpec, text: string): unknown {
  const read = readGoValue(spec.type, text);
  if (!('wrong' in read)) return read.value;
  const written = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
  throw usageError(`invalid argument "${text}" for "${written}" flag: ${read.wrong}`);
}

function defaultOf(name: string, spec: FlagSpec): unknown {
  if (spec.default !== undefined) return readFlagValue(name, spec, spec.default);
  return { bool: false, string: '', strings: [], int: 0, uint16: 0, duration: 0 }[spec.type];
}

/** Reads an option of both doors; one that may be repeated has one text a line. */
function readShared(name: string, { read }: FlagSpec, value: unknown): unknown {
  const text = [value].flat().join('\n').trim();
  const refuse = (problem: string, hint?: string) =>
    usageError(`--${name} ${text === '' ? 'is empty' : `${quote(text)} ${problem}`}`, hint);
  return read ? read({ text, refuse }) : value;
}

/**
 * Parses the flags of one command as oc-mirror's flag library does.
 *
 * Shape: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-f=value`, before, between and after words; `--` ends
 * the flags. Booleans take a value only after `=`. The last of several wins, except for flags that gather.
 * @throws ConfigError `INPUT_INVALID` for unknown flags and values.
 */
export function parseFlags<Table extends FlagTable>(
  table: Table,
  argv: readonly string[],
): Parsed<Table> {
  const values = new Map<string, unknown>(
    Object.entries(table).map(([name, spec]) => [name, defaultOf(name, spec)]),
  );
  const given = new Set<string>();
  const words: string[] = [];
  for (const token of scan(table, argv)) {
    if (token.kind === 'word') {
      words.push(token.word);
      continue;
    }
    const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (spec === undefined) throw unknownFlag(table, token.raw);
    const value = readFlagValue(token.name, spec, textOf(token, spec));
    const before = given.has(token.name) ? values.get(token.name) : [];
    values.set(
      token.name,
      Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value,
    );
    given.add(token.name);
  }
  const read = Object.entries(table).map(([name, spec]) => [
    name,
    readShared(name, spec, values.get(name)),
  ]);
  // The readers give a value of the right type for each name of the table.
  return { values: Object.fromEntries(read) as FlagValues<Table>, given, words };
}
