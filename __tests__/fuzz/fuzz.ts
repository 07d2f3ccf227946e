import fc from 'fast-check';
import { expect } from 'vitest';
import { InvariantError, MirrorError } from '../../src/errors.ts';
import { effort } from '../support/effort.ts';

/** Something that reads what others wrote. */
export interface FuzzTarget {
  readonly name: string;
  /** Sound inputs; what is tried is made of them. */
  readonly samples: readonly (string | Uint8Array)[];
  /** Pieces that are put into the samples. */
  readonly words?: readonly string[];
  /** Reads an input; for readers that can write too it also checks that what was written reads the same. */
  readonly read: (input: Buffer) => unknown;
  /** Whether its callers turn plain errors into those of their own. */
  readonly throwsPlainErrors?: boolean;
}

/** A change gets the same inputs every time; longer runs get others each time. */
export const seed = Number(
  process.env['FUZZ_SEED'] ?? (effort.isShort ? 20260101 : Math.floor(Math.random() * 2 ** 31)),
);

/** The most processor time that one small input may take, in microseconds. */
const maxMicroseconds = 5_000_000;

const hostileWords = [
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ufeff',
  '\r\n',
  '\t',
  '-1',
  '1e308',
  '9223372036854775808',
  '"',
  "'",
  '\\',
  '\ud800',
  '[[[[[[',
  '{{{{{{',
  '}]',
  ',,',
  '---\n',
  '&a *a',
  '<<: *a',
  '!!binary ',
  '%',
  'null',
  '=',
];

type Edit = (bytes: Buffer, at: number, length: number, word: string) => Buffer;

const cut = (bytes: Buffer, at: number, length: number, between: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), between, bytes.subarray(at + length)]);

/** The ways in which an input is changed; each at a place, over some bytes, with a word. */
const edits: readonly Edit[] = [
  (bytes, at, length) => cut(bytes, at, length, Buffer.alloc(0)),
  (bytes, at, _, word) => cut(bytes, at, 0, Buffer.from(word)),
  (bytes, at, length, word) => cut(bytes, at, length, Buffer.from(word)),
  (bytes, at, length) => cut(bytes, at, 0, bytes.subarray(at, at + length)),
  (bytes, at, length) => cut(bytes, at, length, Buffer.alloc(length, bytes[at] ?? 0)),
  (bytes, at, length, word) => cut(bytes, at, 0, Buffer.from(word.repeat(length * 20))),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, length) =>
    cut(bytes, at, 1, Buffer.from([((bytes[at] ?? 0) ^ (1 << (length % 8))) & 0xff])),
];

interface Change {
  readonly edit: Edit;
  readonly place: number;
  readonly length: number;
  readonly word: string;
}

function apply(sample: string | Uint8Array, changes: readonly Change[]): Buffer {
  return changes.reduce<Buffer>(
    (bytes, { edit, place, length, word }) =>
      edit(bytes, Math.floor(place * bytes.byteLength), length, word),
    Buffer.from(sample as string),
  );
}

/** Gives anything at all: bytes, and texts of any code points. One for all targets, for it takes time to make. */
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 200 })
    .map((points) => Buffer.from(String.fromCodePoint(...points))),
);

/** Gives inputs: samples with a few changes, and now and then anything at all. */
function inputsOf({ samples, words = [] }: FuzzTarget): fc.Arbitrary<Buffer> {
  const change = fc.record<Change>({
    edit: fc.constantFrom(...edits),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 40 }),
    word: fc.constantFrom(...words, ...hostileWords),
  });
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([sample, changes]) => apply(sample, changes));
  return fc.oneof({ weight: 9, arbitrary: changed }, { weight: 1, arbitrary: anything });
}

function isDeliberate(thrown: unknown, { throwsPlainErrors = false }: FuzzTarget): boolean {
  if (thrown instanceof InvariantError) return false;
  if (thrown instanceof MirrorError) return thrown.code !== 'BUG';
  const isPlain = thrown instanceof SyntaxError || (thrown as Error).constructor === Error;
  return throwsPlainErrors && isPlain;
}

async function tryOne(target: FuzzTarget, input: Buffer): Promise<void> {
  const before = process.cpuUsage();
  try {
    await target.read(input);
  } catch (thrown) {
    if (!isDeliberate(thrown, target)) throw thrown;
  }
  expect(process.cpuUsage(before).user).toBeLessThan(maxMicroseconds);
}

/** Tries one of several parsers: it gives a value or a deliberate error, in little time, whatever it is given. */
export async function fuzz(target: FuzzTarget): Promise<void> {
  for (const sample of target.samples) await target.read(Buffer.from(sample as string));
  await fc.assert(
    fc.asyncProperty(inputsOf(target), async (input) => await tryOne(target, input)),
    { seed, numRuns: effort.runs(400) },
  );
}
