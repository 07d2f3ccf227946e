import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { checkLimit, overLimit } from '../base/index.ts';
import { type FileSink, memorySink } from '../content/index.ts';
import { messageOf } from '../errors.ts';
import { type DocumentFormat, guessPackages, identify } from './blob.ts';
import type { ConfigsVisitor } from './configs.ts';
import { ignoreFileName } from './ignore.ts';
import { catalogLimits } from './limits.ts';
import { DocumentSplitter, type RawDocument } from './split.ts';

/** The place of a document in the store. */
export interface StoredDocument {
  readonly package: string;
  readonly format: DocumentFormat;
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
  readonly sha256: Uint8Array;
}

/** The reason why a file or a document of it cannot be used. */
export interface FileFailure {
  readonly message: string;
  /** The affected packages; the empty name stands for unknown ones. */
  readonly packages: readonly string[];
  /** Whether packages may be lost that no other file names. */
  readonly mayHideOthers: boolean;
}

/** The content of a path in the catalog. */
export type CatalogFile =
  | {
      readonly kind: 'file';
      readonly documents: readonly StoredDocument[];
      readonly failures: readonly FileFailure[];
    }
  | { readonly kind: 'rules'; readonly text: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'refused'; readonly message: string };

/** So many bytes are collected before a write. */
const writeBytes = 1024 * 1024;

/** Copies a text: a slice would keep its whole document in memory. */
function detach(text: string): string {
  return Buffer.from(text).toString();
}

/** Appends documents to one file, many in one write. */
class DocumentWriter {
  readonly #file: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #end = 0;
  #documents = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Counts one more document, stored or not. @throws ContentError `TOO_LARGE` */
  count(): void {
    this.#documents += 1;
    checkLimit('The catalog', this.#documents, catalogLimits.documents);
  }

  /** Gives the offset of the bytes. */
  append(bytes: Uint8Array): number {
    const offset = this.#end;
    this.#waiting.push(bytes, Buffer.from('\n'));
    this.#waitingBytes += bytes.byteLength + 1;
    this.#end += bytes.byteLength + 1;
    return offset;
  }

  async flush(atLeast: number): Promise<void> {
    if (this.#waitingBytes < atLeast || this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#file.appendFile(bytes);
  }
}

/** A document that cannot be used. */
interface Broken {
  readonly message: string;
  /** Packages that its text names. */
  readonly named: readonly string[];
  /** Whether the rest of the file is lost. */
  readonly isLost: boolean;
}

/** Finds the packages of a broken document by its text, the other documents of its file, or its directory. */
function blame(path: string, broken: Broken, siblings: ReadonlySet<string>): FileFailure {
  const { message, named, isLost } = broken;
  if (named.length > 0) return { message, packages: named, mayHideOthers: isLost };
  if (siblings.size === 1) return { message, packages: [...siblings], mayHideOthers: isLost };
  const [directory = ''] = path.split('/').slice(0, -1);
  return { message, packages: [siblings.size === 0 ? directory : ''], mayHideOthers: true };
}

/** Reads one file of a catalog into the store. */
function fileSink(
  path: string,
  writer: DocumentWriter,
  done: (file: CatalogFile) => void,
): FileSink {
  const documents: StoredDocument[] = [];
  const broken: Broken[] = [];
  let count = 0;
  function refuse(text: string, why: string, isLost: boolean): void {
    const message = detach(`document ${count}: ${why}`);
    const { packages, isAll } = guessPackages(text);
    broken.push({ message, named: packages.map(detach), isLost: isLost || !isAll });
  }
  function store({ format, bytes }: RawDocument): void {
    count += 1;
    writer.count();
    const text = bytes.toString();
    if (format === 'too-large') {
      refuse(text, overLimit('it', catalogLimits.document).message, true);
      return;
    }
    try {
      const owner = identify(text, format);
      const sha256 = createHash('sha256').update(bytes).digest();
      const place = { offset: writer.append(bytes), length: bytes.byteLength };
      documents.push({ package: detach(owner), format, ...place, sha256 });
    } catch (cause) {
      refuse(text, messageOf(cause), false);
    }
  }
  const splitter = new DocumentSplitter(store);
  return {
    async write(chunk) {
      splitter.push(chunk);
      await writer.flush(writeBytes);
    },
    async end() {
      splitter.end();
      await writer.flush(writeBytes);
      const siblings = new Set(documents.map((document) => document.package));
      const failures = broken.map((one) => blame(path, one, siblings));
      done({ kind: 'file', documents, failures });
    },
  };
}

function rulesSink(path: string, done: (file: CatalogFile) => void): FileSink {
  return memorySink(
    (bytes) => done({ kind: 'rules', text: bytes.toString() }),
    (size) => checkLimit(`The catalog's file ${path}`, size, catalogLimits.ignoreFile),
  );
}

/**
 * Opens a file for the documents of a catalog, which arrive as a stream; `files` has every path so far, `close` writes the rest.
 *
 * Memory: one document, and the places of all others. A broken document is noted with its packages; all others stay usable.
 */
export async function openIngest(blobsFile: string) {
  const handle = await open(blobsFile, 'wx');
  const writer = new DocumentWriter(handle);
  const files = new Map<string, CatalogFile>();
  const visitor: ConfigsVisitor = {
    file(path) {
      const done = (file: CatalogFile): void => void files.set(path, file);
      const name = path.slice(path.lastIndexOf('/') + 1);
      return name === ignoreFileName ? rulesSink(path, done) : fileSink(path, writer, done);
    },
    link(path, target, kind) {
      const now = kind === 'link' ? files.get(target) : undefined;
      files.set(path, now ?? { kind: 'link', target });
    },
    refuse(path, message) {
      files.set(path, { kind: 'refused', message });
    },
  };
  return {
    files,
    visitor,
    async close() {
      try {
        await writer.flush(0);
      } finally {
        await handle.close();
      }
    },
  };
}
