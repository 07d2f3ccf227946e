import { catalogLimits } from './limits.ts';

/** The limit of one document, in bytes. */
export const maxDocumentBytes = catalogLimits.document.most;

/** One document of a file, unparsed. */
export interface RawDocument {
  /** `json`: braces that match; `yaml`: everything up to the next separator; `too-large`: its beginning, the rest of the file is lost. */
  readonly format: 'json' | 'yaml' | 'too-large';
  readonly bytes: Buffer;
}

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const hyphen = 0x2d;
const hash = 0x23;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline;
}

/** Bytes that decide whether a line is a separator: three hyphens and the next byte. */
const separatorBytes = 4;

function isSeparator(line: Buffer): boolean {
  return (
    line[0] === hyphen && line[1] === hyphen && line[2] === hyphen && isSpace(line[3] ?? newline)
  );
}

/** Finds the end of a JSON text by its braces and quotes; a parser validates it later. */
class BraceCounter {
  #depth = 0;
  #inString = false;
  #skip = 0;

  /** Gives the index after the closing brace, or -1 if the chunk ends before. */
  scan(chunk: Uint8Array, start: number): number {
    let at = start + this.#skip;
    this.#skip = 0;
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#passString(chunk, at);
        continue;
      }
      const byte = chunk[at];
      at += 1;
      if (byte === quote) this.#inString = true;
      else if (byte === openBrace || byte === openBracket) this.#depth += 1;
      else if (byte === closeBrace || byte === closeBracket) this.#depth -= 1;
      else continue;
      if (this.#depth === 0) return at;
    }
    this.#skip = at - chunk.length;
    return -1;
  }

  /** Gives the index after the closing quote, or an index past the chunk: a backslash skips one more byte. */
  #passString(chunk: Uint8Array, start: number): number {
    for (let at = start; ; at += 1) {
      if (at >= chunk.length) return at;
      const byte = chunk[at];
      if (byte === backslash) at += 1;
      else if (byte === quote) {
        this.#inString = false;
        return at + 1;
      }
    }
  }
}

/** Bytes of a too large document that are kept to find its package. */
const lostBytes = 1024 * 1024;

type State = 'between' | 'json' | 'yaml' | 'separator' | 'lost';

/**
 * Splits one file into its documents: JSON texts, YAML documents between `---` lines, or both in turn.
 *
 * Memory: one document. `emit` is called in order, during `push` and `end`; a pushed chunk must not change before its document is
 * emitted. Unbalanced JSON extends to the end of its file.
 * Limits: a document past {@link maxDocumentBytes} is emitted as `too-large`, and nothing after it.
 */
export class DocumentSplitter {
  readonly #emit: (document: RawDocument) => void;
  #state: State = 'between';
  #braces = new BraceCounter();
  /** The present document so far; between documents the indentation of a line. */
  #parts: Buffer[] = [];
  #size = 0;
  /** The beginning of a YAML line that may be a separator. */
  #head: Buffer = Buffer.alloc(0);
  #isAtLineStart = false;

  constructor(emit: (document: RawDocument) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0 && this.#state !== 'lost') {
      if (this.#state === 'json') rest = this.#json(rest);
      else if (this.#state === 'yaml') rest = this.#yaml(rest);
      else if (this.#state === 'separator') rest = this.#separator(rest);
      else rest = this.#between(rest);
      if (this.#size > maxDocumentBytes) this.#lose();
    }
  }

  /** Ends the file; an unfinished document is emitted as it is. */
  end(): void {
    if (this.#state === 'lost' || this.#state === 'between') return;
    if (this.#state === 'yaml' && isSeparator(this.#head)) this.#head = Buffer.alloc(0);
    if (this.#state === 'separator') this.#endSeparator();
    else this.#take(this.#head);
    if (this.#size > 0) this.#finish(this.#state === 'json' ? 'json' : 'yaml');
  }

  #between(bytes: Buffer): Buffer {
    let at = 0;
    while (at < bytes.length && isSpace(bytes[at])) at += 1;
    // Skip a byte order mark.
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    const lineStart = bytes.lastIndexOf(newline, at) + 1;
    if (lineStart > 0) this.#drop();
    // Indentation counts in YAML: keep it until the format of the line is known.
    if (at === bytes.length) {
      this.#take(bytes.subarray(lineStart));
      return bytes.subarray(bytes.length);
    }
    if (bytes[at] === openBrace) {
      this.#drop();
      this.#state = 'json';
      return bytes.subarray(at);
    }
    this.#state = 'yaml';
    this.#isAtLineStart = this.#size === 0;
    return bytes.subarray(lineStart);
  }

  #json(bytes: Buffer): Buffer {
    const end = this.#braces.scan(bytes, 0);
    this.#take(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return bytes.subarray(bytes.length);
    this.#finish('json');
    return bytes.subarray(end);
  }

  #yaml(bytes: Buffer): Buffer {
    const joined = this.#head.length > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    this.#head = Buffer.alloc(0);
    let start = 0;
    while (start < joined.length) {
      if (this.#isAtLineStart && joined[start] === hyphen) {
        const rest = this.#hyphens(joined, start);
        if (rest) return rest;
      }
      const end = joined.indexOf(newline, start);
      this.#isAtLineStart = end >= 0;
      start = end < 0 ? joined.length : end + 1;
    }
    this.#take(joined);
    return joined.subarray(joined.length);
  }

  /** Reads a line that begins with a hyphen; gives the rest if it is or may be a separator. */
  #hyphens(bytes: Buffer, start: number): Buffer | undefined {
    const head = bytes.subarray(start, start + separatorBytes);
    const isCut = head.length < separatorBytes && !head.includes(newline);
    if (!isCut && !isSeparator(head)) return undefined;
    this.#take(bytes.subarray(0, start));
    if (isCut) {
      this.#head = Buffer.from(head);
      return bytes.subarray(bytes.length);
    }
    if (this.#size > 0) this.#finish('yaml');
    this.#state = 'separator';
    return bytes.subarray(start + separatorBytes - 1);
  }

  /** Collects the rest of a separator's line, after its hyphens. */
  #separator(bytes: Buffer): Buffer {
    const end = bytes.indexOf(newline) + 1;
    this.#take(end === 0 ? bytes : bytes.subarray(0, end));
    if (end === 0) return bytes.subarray(bytes.length);
    this.#endSeparator();
    return bytes.subarray(end);
  }

  #endSeparator(): void {
    const [first = Buffer.alloc(0), ...more] = this.#parts;
    const content = more.length > 0 ? Buffer.concat(this.#parts) : first;
    const [word = hash] = content.subarray(content.findIndex((byte) => !isSpace(byte)));
    const isNothing = content.every(isSpace) || word === hash;
    // The rest of the separator's line belongs to the next document; if it is empty, any format may begin.
    if (isNothing) this.#drop();
    this.#state = isNothing ? 'between' : 'yaml';
    this.#isAtLineStart = true;
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#size += bytes.length;
  }

  #drop(): void {
    this.#parts = [];
    this.#size = 0;
  }

  #finish(format: RawDocument['format']): void {
    const bytes = Buffer.concat(this.#parts);
    this.#drop();
    this.#state = 'between';
    this.#braces = new BraceCounter();
    this.#emit({ format, bytes });
  }

  #lose(): void {
    this.#parts = [Buffer.concat(this.#parts).subarray(0, lostBytes)];
    this.#finish('too-large');
    this.#head = Buffer.alloc(0);
    this.#state = 'lost';
  }
}
