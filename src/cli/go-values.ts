/** The values that a flag of each type has. Durations are milliseconds. */
export interface GoValues {
  readonly bool: boolean;
  readonly string: string;
  /** May be given several times. */
  readonly strings: readonly string[];
  readonly int: number;
  readonly uint16: number;
  readonly duration: number;
}

const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false])),
};

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Reads a boolean as Go's ParseBool does (`true`, `f`, `0`); `undefined` for anything else. */
function parseGoBool(text: string): boolean | undefined {
  return Object.hasOwn(booleans, text) ? booleans[text] : undefined;
}

/** Reads a decimal or `0x` integer; `undefined` for anything else. */
export function parseGoInt(text: string): number | undefined {
  const value = /^[+-]?(\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Reads a duration like `1m30s`, `500ms` or `0`, and gives milliseconds; `undefined` for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce(
    (sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (unitMs[unit] ?? 0),
    0,
  );
  return text.startsWith('-') ? -total : total;
}

const readers = {
  bool: {
    read: parseGoBool,
    wrong: (text) => `strconv.ParseBool: parsing "${text}": invalid syntax`,
  },
  int: { read: parseGoInt, wrong: (text) => `strconv.ParseInt: parsing "${text}": invalid syntax` },
  uint16: {
    read: (text) => {
      const value = parseGoInt(text);
      return value !== undefined && value >= 0 && value <= 65_535 ? value : undefined;
    },
    wrong: (text) => `strconv.ParseUint: parsing "${text}": value out of range`,
  },
  duration: {
    read: parseGoDuration,
    wrong: (text) =>
      `time: ${/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? 'missing unit in' : 'invalid'} duration "${text}"`,
  },
  string: { read: (text) => text, wrong: () => '' },
  strings: { read: (text) => [text], wrong: () => '' },
} satisfies Record<keyof GoValues, { read(text: string): unknown; wrong(text: string): string }>;

/** Reads one value of a flag, or says in the words of Go why it is wrong. */
export function readGoValue(
  type: keyof GoValues,
  text: string,
): { readonly value: unknown } | { readonly wrong: string } {
  const { read, wrong } = readers[type];
  const value = read(text);
  return value === undefined ? { wrong: wrong(text) } : { value };
}
