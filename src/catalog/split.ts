/** The largest document that is read, in bytes; real ones have up to ten million. */
export const maxDocumentBytes = 64 * 1024 * 1024;

/** One document of a file as it stands there. */
export interface RawDocument {
  /** `json`: braces that match; `yaml`: everything up to the next separator; `too-large`: its beginning, the rest of the file is lost. */
  readonly format: 'json' | 'yaml' | 'too-large';
  readonly bytes: Buffer;
}

/** Takes the bytes of one file as they come and gives its documents. */
export interface DocumentSplitter {
  push(chunk: Uint8Array): void;
  /** Ends the file; what is unfinished comes as it is. */
  end(): void;
}

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline;
}

function isSeparator(line: Buffer): boolean {
  return line[0] === 0x2d && line[1] === 0x2d && line[2] === 0x2d && isSpace(line[3] ?? newline);
}

/** Follows one JSON text by its braces and quotes alone; whether it is valid, a parser says. */
class BraceCounter {
  #depth = 0;
  #inString = false;
  #skip = 0;

  /** Gives the index behind the closing brace, or -1 when the chunk ends before. */
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

  /** Gives the index behind the closing quote, or how far the chunk's end was passed: a backslash takes one byte more. */
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

type State = 'between' | 'json' | 'yaml' | 'lost';

/** A splitter of one file; see {@link createSplitter}. */
class Splitter implements DocumentSplitter {
  readonly #emit: (document: RawDocument) => void;
  #state: State = 'between';
  #braces = new BraceCounter();
  #parts: Buffer[] = [];
  #size = 0;
  /** An unfinished line, while lines matter. */
  #carry: Buffer = Buffer.alloc(0);

  constructor(emit: (document: RawDocument) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0 && this.#state !== 'lost') {
      if (this.#state === 'json') rest = this.#json(rest);
      else if (this.#state === 'yaml') rest = this.#yaml(rest);
      else rest = this.#between(rest);
      if (this.#size > maxDocumentBytes) this.#lose();
    }
  }

  end(): void {
    if (this.#state === 'yaml' && isSeparator(this.#carry)) this.#separator(this.#carry);
    else if (this.#state === 'yaml') this.#take(this.#carry);
    if (this.#size > 0) this.#finish(this.#state === 'json' ? 'json' : 'yaml');
  }

  #between(bytes: Buffer): Buffer {
    const joined = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes;
    this.#carry = Buffer.alloc(0);
    let at = 0;
    while (at < joined.length && isSpace(joined[at])) at += 1;
    // A byte order mark is no content.
    if (joined[at] === 0xef && joined[at + 1] === 0xbb && joined[at + 2] === 0xbf) at += 3;
    const lineStart = joined.lastIndexOf(newline, at) + 1;
    if (at === joined.length) {
      // Indentation counts in YAML: it is kept until the line says what it is.
      this.#carry = Buffer.from(joined.subarray(lineStart));
      return joined.subarray(joined.length);
    }
    this.#state = joined[at] === openBrace ? 'json' : 'yaml';
    return joined.subarray(this.#state === 'json' ? at : lineStart);
  }

  #json(bytes: Buffer): Buffer {
    const end = this.#braces.scan(bytes, 0);
    this.#take(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return bytes.subarray(bytes.length);
    this.#finish('json');
    return bytes.subarray(end);
  }

  #yaml(bytes: Buffer): Buffer {
    const joined = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes;
    this.#carry = Buffer.alloc(0);
    let start = 0;
    for (let end = joined.indexOf(newline); end >= 0; end = joined.indexOf(newline, start)) {
      if (isSeparator(joined.subarray(start, start + 4))) {
        this.#take(joined.subarray(0, start));
        this.#separator(joined.subarray(start, end + 1));
        // Behind a separator another format may begin.
        return joined.subarray(end + 1);
      }
      start = end + 1;
    }
    this.#take(joined.subarray(0, start));
    this.#carry = Buffer.from(joined.subarray(start));
    if (this.#size + this.#carry.length > maxDocumentBytes) this.#lose();
    return joined.subarray(joined.length);
  }

  #separator(line: Buffer): void {
    if (this.#size > 0) this.#finish('yaml');
    this.#state = 'between';
    // What stands on the line of the separator belongs to the document that it opens.
    const content = line.subarray(3);
    if (/^\s*(?:#.*)?\s*$/.test(content.toString('latin1'))) return;
    this.#state = 'yaml';
    this.#take(content);
  }

  #take(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
  }

  #finish(format: RawDocument['format']): void {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    this.#state = 'between';
    this.#braces = new BraceCounter();
    this.#emit({ format, bytes });
  }

  #lose(): void {
    this.#finish('too-large');
    this.#carry = Buffer.alloc(0);
    this.#state = 'lost';
  }
}

/**
 * Makes a splitter for one file: JSON texts one after the other, with or without anything between them, YAML documents
 * between `---` lines, or both in turn.
 *
 * Memory: one document. `emit` is called in order, while `push` and `end` run; a chunk that was pushed must not change before
 * its document was emitted. Unbalanced JSON runs to the end of its file.
 * Limits: a document past {@link maxDocumentBytes} comes as `too-large`, and nothing after it.
 */
export function createSplitter(emit: (document: RawDocument) => void): DocumentSplitter {
  return new Splitter(emit);
}
