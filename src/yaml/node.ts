import type { ScalarValue } from './scalar.ts';

/** A stretch of the text: offsets of its first character and of the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A scalar of the text. */
export type YamlScalar = Span & ScalarValue;

/** A sequence. */
export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

/** One key of a mapping; `key` is its JSON text: `y` is `true`, `1` is `1`. */
export interface YamlEntry {
  readonly key: string;
  /** The key with its type, as Go prints it: `"1"` and `1` are two keys. */
  readonly id: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

/** A mapping, merge keys resolved, in the order of the file. */
export interface YamlMap extends Span {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

/** Any node. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** A fault that makes a text unreadable. */
export interface YamlProblem {
  readonly code: 'yaml-syntax' | 'yaml-limit' | 'duplicate-key';
  /** In the words of Go's reader. */
  readonly message: string;
  /** For people, where the reader's words do not suffice. */
  readonly detail: string;
  readonly span: Span;
}

/** The result of reading a text: the first document, or the problems. */
export interface YamlDocument {
  /** Absent when the text is no YAML; an empty text is a null scalar. */
  readonly root?: YamlNode;
  readonly problems: readonly YamlProblem[];
  /** The error with which Go's reader refuses the text, where it does. */
  readonly refusal?: string;
}
