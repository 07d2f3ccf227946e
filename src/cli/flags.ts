/** The values that a flag of each type has. Durations are milliseconds. */
interface ValueTypes {
  readonly bool: boolean;
  readonly string: string;
  /** May be given several times. */
  readonly strings: readonly string[];
  readonly int: number;
  readonly uint16: number;
  readonly duration: number;
}

/** The types of flags. */
export type FlagType = keyof ValueTypes;

/** One flag, as the usage text shows it. */
export interface FlagSpec {
  readonly type: FlagType;
  /** A single letter, given as `-c`. */
  readonly short?: string;
  /** As a user would write it; absent: false, empty or none. */
  readonly default?: string;
  /** Accepted, and left out of the usage text. */
  readonly hidden?: true;
  readonly help: string;
}

/** Flags by long name, without dashes. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** The plain object that a table of flags is parsed to. */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: ValueTypes[Table[Name]['type']];
};

/** A parsed command line of one command. */
export interface Parsed<Table extends FlagTable> {
  readonly values: FlagValues<Table>;
  /** Names of the flags that were written, whatever their value. */
  readonly given: ReadonlySet<string>;
  readonly words: readonly string[];
}
