import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { guessPackages, identify, parseBlob } from '../../src/catalog/blob.ts';

const names = fc.constantFrom(
  'foo',
  'b-r',
  '1.0',
  'true',
  'with space',
  "it's",
  '"q"',
  '#x',
  'a: b',
  'ü',
);

describe('a document', () => {
  test.each([
    ['{"schema":"olm.package","name":"foo","package":"no"}', 'foo'],
    ['{"schema":"olm.bundle","name":"foo.v1","package":"foo"}', 'foo'],
    ['{"schema":"olm.channel","Package":"foo"}', 'foo'],
    ['{"schema":"custom"}', ''],
  ])('%s belongs to %s', (text, owner) => {
    expect(identify(text, 'json')).toBe(owner);
  });

  test('belongs to the same package whether it is looked at or parsed', () => {
    const values = fc.record(
      {
        schema: fc.constantFrom('olm.package', 'olm.bundle', 'other'),
        package: names,
        name: names,
        entries: fc.array(fc.record({ name: names, package: names })),
        description: fc.constantFrom('package: no', 'a\nname: b\nschema: c\n', 'plain'),
      },
      { requiredKeys: ['schema'] },
    );
    fc.assert(
      fc.property(values, fc.constantFrom(40, 80), (value, lineWidth) => {
        const text = stringify(value, { lineWidth });
        const blob = parseBlob(text, 'yaml');
        expect(blob.value).toEqual(value);
        expect(identify(text, 'yaml')).toBe(blob.package ?? '');
      }),
    );
  });

  test.each([
    ['a list', '[1]', 'not an object'],
    ['null', 'null', 'missing root schema field'],
    ['with a key in two cases', '{"schema":"x","Foo":1,"foo":2}', 'duplicate keys for key "foo"'],
    ['with null for a package', '{"schema":"x","package":null}', '"package" is not a text'],
    ['with a number for a channel', '{"schema":"olm.package","defaultChannel":1}', 'is not a text'],
    ['without a schema', '{"name":"x"}', 'missing root schema field'],
    ['with a number for a name', '{"schema":"olm.package","name":1}', '"name" is not a text'],
    ['cut off', '{"schema":', 'JSON'],
  ])('%s is refused', (_, text, message) => {
    expect(() => identify(text, 'json')).toThrow(message);
  });

  test('keeps its numbers, keys and their order', () => {
    const text = '{ "schema": "x", "b": 1.50, "a": 12345678901234567890 }';
    expect(parseBlob(text, 'json').text).toBe(text);
    const yaml = 'schema: x\nb: 0x1F\na: 12345678901234567890\nc: 010\n';
    expect(parseBlob(yaml, 'yaml').text).toBe(
      '{"schema":"x","b":31,"a":12345678901234567890,"c":8}',
    );
  });

  test('in YAML has the booleans, merges and repeated keys that Go reads', () => {
    const text = 'schema: x\nyes: on\nq: "y"\n<<: &m {k: 1}\nz: *m\nd: 1\nd: 2\nt: 2020-01-01\n';
    expect(parseBlob(text, 'yaml').value).toEqual({
      ...{ schema: 'x', true: true, q: 'y', k: 1, z: { k: 1 }, d: 2, t: '2020-01-01' },
    });
  });

  test('in YAML that would unfold into gigabytes is refused', () => {
    const bomb = ['schema: x', 'a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const aliases = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
      bomb.push(`a${level}: &a${level} [${aliases}]`);
    }
    expect(() => parseBlob(bomb.join('\n'), 'yaml')).toThrow('alias');
  });

  test('of comments alone is refused, as opm refuses it', () => {
    expect(() => parseBlob('# nothing\n', 'yaml')).toThrow('missing root schema field');
    expect(() => identify('# nothing\n', 'yaml')).toThrow('missing root schema field');
  });

  test('in YAML belongs to the package that is merged in', () => {
    const text = 'x: &m {package: foo}\nschema: olm.channel\n<<: *m\nname: stable\n';
    expect(identify(text, 'yaml')).toBe('foo');
    expect(parseBlob(text, 'yaml').package).toBe('foo');
  });
});

describe('the packages that a broken document speaks of', () => {
  test.each([
    ['{"schema": "olm.bundle", "package": "foo", x', ['foo']],
    ['{"schema": "olm.package",\n "name": "foo",, }', ['foo']],
    ['schema: olm.package\nname: foo\n\t- x', ['foo']],
    ["package: 'foo'\nbad: [", ['foo']],
    ['{"package":"foo"} } {"package":"bar"}', ['foo', 'bar']],
    ['{"schema": "olm.bundle", "package": null, "name": 1}', []],
    ['{"schema": "other", "Package": ["foo"]}', []],
    ['<html>', []],
  ])('in %j are %j', (text, packages) => {
    expect(guessPackages(text)).toEqual({ packages, isAll: true });
  });
});
