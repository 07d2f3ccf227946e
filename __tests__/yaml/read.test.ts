import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml, resolveScalar, type YamlNode } from '../../src/yaml/index.ts';

/** The node as JSON would have it; numbers keep their text. */
function plain(node: YamlNode | undefined): unknown {
  if (node === undefined || node.kind === 'null') return null;
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind !== 'map') return node.kind === 'number' ? { number: node.value } : node.value;
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
}

const value = (text: string) => plain(readYaml(`k: ${text}`).root) as { k: unknown };

describe('a plain scalar', () => {
  it.each(['y', 'Y', 'yes', 'On', 'TRUE'])('%s is true, as in YAML 1.1', (text) => {
    expect(value(text).k).toBe(true);
  });

  it.each(['n', 'No', 'off', 'false'])('%s is false', (text) => {
    expect(value(text).k).toBe(false);
  });

  it.each(['', '~', 'null', 'NULL'])('"%s" is null', (text) => {
    expect(value(text).k).toBeNull();
  });

  it.each([
    ['1.1', '1.1'],
    ['4.10', '4.1'],
    ['010', '8'],
    ['08', '8'],
    ['0o17', '15'],
    ['0x1F', '31'],
    ['0b101', '5'],
    ['1_000', '1000'],
    ['-7', '-7'],
    ['+7', '7'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['18446744073709551615', '18446744073709551615'],
    ['99999999999999999999', '100000000000000000000'],
  ])('%s is the number %s', (text, number) => {
    expect(value(text).k).toEqual({ number });
  });

  it.each(['4.16.5', '1:30', '2024-01-01', 'v1', '0o8', 'yEs', '1e', '.', '-', '1__x', '1e400'])(
    '%s is text',
    (text) => {
      expect(resolveScalar(text)).toEqual({ kind: 'string', value: text });
    },
  );

  it('is text when it is quoted or tagged as text', () => {
    expect(value('"y"').k).toBe('y');
    expect(value("'1.1'").k).toBe('1.1');
    expect(value('!!str 5').k).toBe('5');
  });

  it('refuses what JSON cannot say', () => {
    expect(readYaml('k: .inf').refusal).toBe('json: unsupported value: +Inf');
    expect(readYaml('k: !!int a').refusal).toBe('yaml: cannot decode !!str `a` as a !!int');
  });

  it('survives being quoted, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(value(JSON.stringify(text)).k).toBe(text);
      }),
    );
  });
});

describe('a document', () => {
  it('is null when the file is empty or holds comments only', () => {
    expect(readYaml('').root?.kind).toBe('null');
    expect(readYaml('# nothing\n').root?.kind).toBe('null');
  });

  it('is the first one: later ones are not even parsed', () => {
    expect(readYaml('a: 1\n---\nb: [\n').refusal).toBeUndefined();
    expect(readYaml('a: 1\n...\nb: [\n').refusal).toBeUndefined();
    expect(plain(readYaml('---\na: x\n---\nb: y\n').root)).toEqual({ a: 'x' });
  });

  it('may begin with a byte-order mark and have Windows line ends', () => {
    expect(plain(readYaml('\ufeffa: x\r\nb:\r\n- y\r\n').root)).toEqual({ a: 'x', b: [true] });
  });

  it('may have tabs between tokens but not as indentation', () => {
    expect(plain(readYaml('a:\tx\t\n').root)).toEqual({ a: 'x' });
    expect(readYaml('a:\n\tb: x\n').problems[0]).toMatchObject({
      code: 'yaml-syntax',
      message: 'yaml: line 2: found character that cannot start any token',
    });
  });

  it('of another YAML version, or with control characters, is refused', () => {
    expect(readYaml('%YAML 1.2\n---\na: x').refusal).toBe('yaml: found incompatible YAML document');
    expect(readYaml('a: "x\u0007"').refusal).toBe('yaml: control characters are not allowed');
  });

  it('with an unfilled template is refused, as its braces make a mapping a key', () => {
    expect(readYaml('a: {{ version }}').refusal).toContain('invalid map key');
  });

  it('without a final newline has none in a block of text at its end either', () => {
    expect(plain(readYaml('a: |\n  x\n').root)).toEqual({ a: 'x\n' });
    expect(plain(readYaml('a: |\n  x').root)).toEqual({ a: 'x' });
  });

  it('ends with its first node when the rest stands further left', () => {
    expect(plain(readYaml('  a: x\nb: y\n').root)).toEqual({ a: 'x' });
    expect(readYaml('a: x\n  b: y\n').refusal).toBeDefined();
    expect(readYaml('a:\n  - x\n ]\n').refusal).toBeDefined();
  });
});

describe('a mapping', () => {
  it('may not have a key twice; all of them are found, and told with their lines', () => {
    const read = readYaml('a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n');
    expect(read.refusal).toBe(
      'yaml: unmarshal errors:\n  line 3: key "a" already set in map\n  line 6: key "d" already set in map',
    );
    expect(read.problems.map((problem) => problem.span.start)).toEqual([10, 27]);
  });

  it('tells keys of different types apart and has none for null', () => {
    expect(readYaml('1: a\n"1": b\n').refusal).toBeUndefined();
    expect(readYaml('y: a\nyes: b\n').refusal).toContain('key true already set in map');
    expect(readYaml('~: a\n').refusal).toContain('unsupported map key');
  });

  it('takes in merge keys, which may not be overridden', () => {
    expect(plain(readYaml('x: &x {a: "1"}\ny1: {<<: *x, b: "2"}').root)).toEqual({
      x: { a: '1' },
      y1: { a: '1', b: '2' },
    });
    expect(readYaml('x: &x {a: "1"}\ny1: {<<: *x, a: "2"}').refusal).toContain(
      'already set in map',
    );
    expect(readYaml('a: {<<: 5}').refusal).toContain('map merge requires map');
    expect(plain(readYaml('a: {"<<": x}').root)).toEqual({ a: { '<<': 'x' } });
  });
});

describe('an alias', () => {
  it('stands for its anchor, the last of a name', () => {
    expect(plain(readYaml('a: &k x\nb: *k\nc: &k z\nd: *k').root)).toEqual({
      a: 'x',
      b: 'x',
      c: 'z',
      d: 'z',
    });
  });

  it('without an anchor before it, or inside its own anchor, is refused', () => {
    expect(readYaml('a: *k\nb: &k x').refusal).toBe("yaml: unknown anchor 'k' referenced");
    expect(readYaml('a: &k [*k]').refusal).toBe("yaml: anchor 'k' value contains itself");
  });

  it('is counted as Go counts it: by its share of all nodes', () => {
    const levels = (count: number) =>
      Array.from({ length: count }, (_, n) => {
        const above = n === 0 ? 'x' : `*l${n - 1}`;
        return `l${n}: &l${n} [${Array(10).fill(above).join(', ')}]`;
      }).join('\n');
    expect(readYaml(levels(3)).refusal).toBeUndefined();
    expect(readYaml(levels(5)).refusal).toBe('yaml: document contains excessive aliasing');
    const plain = Array.from({ length: 5000 }, (_, n) => `k${n}: v`).join('\n');
    expect(readYaml(`${plain}\n${levels(4)}`).refusal).toBeUndefined();
    expect(readYaml(`a: &a {x: y}\nb:\n${'- *a\n'.repeat(5000)}`).refusal).toBeUndefined();
  });

  it('cannot be used to grow a small text without bound', () => {
    const levels = Array.from({ length: 9 }, (_, n) => {
      const above = n === 0 ? 'x' : `*l${n - 1}`;
      return `l${n}: &l${n} [${Array(10).fill(above).join(', ')}]`;
    });
    expect(readYaml(levels.join('\n')).refusal).toBe('yaml: document contains excessive aliasing');
  });
});
