import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DocumentSplitter, maxDocumentBytes, type RawDocument } from '../../src/catalog/split.ts';

function split(bytes: Uint8Array, pieces: readonly number[] = []) {
  const found: RawDocument[] = [];
  const splitter = new DocumentSplitter((document) => found.push(document));
  let at = 0;
  for (const piece of pieces) {
    splitter.push(bytes.subarray(at, at + piece));
    at += piece;
  }
  splitter.push(bytes.subarray(at));
  splitter.end();
  return found.map(({ format, bytes: own }) => [format, own.toString()]);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const anyPieces = fc.array(fc.integer({ min: 0, max: 40 }));
const anyGap = fc.constantFrom('', ' ', '\n', '\r\n', '\t\n  ', '\n---\n', '\n--- # next\n');

describe('documents of a file', () => {
  test('are JSON texts one after the other, however they are separated and cut', () => {
    const documents = fc.array(
      fc.record({
        text: fc.dictionary(fc.string(), fc.jsonValue()),
        gap: anyGap,
        indent: fc.nat(4),
      }),
    );
    fc.assert(
      fc.property(documents, anyPieces, (list, pieces) => {
        const texts = list.map((one) => JSON.stringify(one.text, null, one.indent));
        const file = list.map((one, index) => `${texts[index]}${one.gap}`).join('');
        expect(split(text(file), pieces)).toEqual(texts.map((one) => ['json', one]));
      }),
    );
  });

  test('are the same whichever byte a cut falls on', () => {
    const texts = ['{"a":"\\\\"}', '{"\\"}{":["\\\\\\"",{}]}'];
    const bytes = text(texts.join(''));
    const expected = texts.map((one) => ['json', one]);
    for (let at = 0; at <= bytes.length; at += 1) expect(split(bytes, [at])).toEqual(expected);
    expect(
      split(
        bytes,
        Array.from(bytes, () => 1),
      ),
    ).toEqual(expected);
  });

  test('are what stands between separators in YAML, wherever the file is cut', () => {
    const line = fc.constantFrom(
      'a: 1',
      'text: --- no separator',
      '  b: |',
      '    ---',
      '----',
      '# c',
      '',
    );
    fc.assert(
      fc.property(fc.array(fc.array(line, { minLength: 1 })), anyPieces, (documents, pieces) => {
        const texts = documents.map((lines) => `x: y\n${lines.join('\n')}\n`);
        expect(split(text(texts.join('---\n')), pieces)).toEqual(texts.map((one) => ['yaml', one]));
      }),
    );
  });

  test('may be JSON and YAML in turn', () => {
    const file = '\uFEFF{"a":1}\n---\nb: 2\n---\n{"c":3}{"d":4}\n--- {e: 5}\n---';
    expect(split(text(file))).toEqual([
      ['json', '{"a":1}'],
      ['yaml', 'b: 2\n'],
      ['json', '{"c":3}'],
      ['json', '{"d":4}'],
      ['yaml', ' {e: 5}\n'],
    ]);
  });

  test('keep the indentation of their first line', () => {
    expect(split(text('\n\n  a: 1\n  b: 2\n'), [3, 1])).toEqual([['yaml', '  a: 1\n  b: 2\n']]);
  });

  test('that do not end run to the end of the file', () => {
    expect(split(text('{"a":1}{"b":[}\n{"c":2}'))).toEqual([
      ['json', '{"a":1}'],
      ['json', '{"b":[}\n{"c":2}'],
    ]);
  });

  test('are none in a file of nothing', () => {
    expect(split(text(''))).toEqual([]);
    expect(split(text(' \n\t'))).toEqual([]);
    expect(split(text('---\n---\n'))).toEqual([]);
  });

  test('are given up with the rest of the file when one has no end', () => {
    const found: (readonly [string, number])[] = [];
    const splitter = new DocumentSplitter(({ format, bytes }) =>
      found.push([format, bytes.length]),
    );
    const block = Buffer.alloc(8 * 1024 * 1024, 'x');
    splitter.push(text('{"a":1}{"b":"'));
    for (let size = 0; size <= maxDocumentBytes; size += block.length) splitter.push(block);
    splitter.push(text('"}{"c":1}'));
    splitter.end();
    expect(found.map(([format]) => format)).toEqual(['json', 'too-large']);
  });
});
