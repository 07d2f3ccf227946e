import { describe, expect, test } from 'vitest';
import { readAs, readDocument } from '../../src/catalog/shape.ts';

describe('a document of OLM', () => {
  test('is given back as it is when nothing is to be changed', () => {
    const value = { schema: 'olm.channel', entries: [{ name: 'a', skips: ['b'] }], mine: { A: 1 } };
    expect(readDocument(value, 'olm.channel')).toBe(value);
  });

  test('has its keys in any case, and what is nobody’s as it stands', () => {
    const value = {
      Schema: 'olm.bundle',
      RelatedImages: [{ NAME: '', Image: 'x:1' }],
      Properties: [{ Type: 'olm.gvk', Value: { Group: 'g' } }],
      Mine: { Image: 1 },
      constructor: 'x',
    };
    expect(readDocument(value, 'olm.bundle')).toEqual({
      schema: 'olm.bundle',
      relatedImages: [{ name: '', image: 'x:1' }],
      properties: [{ type: 'olm.gvk', value: { Group: 'g' } }],
      Mine: { Image: 1 },
      constructor: 'x',
    });
  });

  test('has empty things where a list has null, and null where it has null', () => {
    const value = { name: null, entries: [null, { name: 'a', skips: [null], replaces: null }] };
    expect(readDocument(value, 'olm.channel')).toEqual({
      name: null,
      entries: [{}, { name: 'a', skips: [''], replaces: null }],
    });
  });

  test.each([
    ['olm.package', { defaultChannel: 1 }, '"defaultChannel" is not a text'],
    ['olm.package', { icon: 'x' }, '"icon" is not an object'],
    ['olm.channel', { entries: 'x' }, '"entries" is not a list'],
    ['olm.channel', { entries: ['x'] }, '"entries[0]" is not an object'],
    ['olm.channel', { Entries: [{}, { skips: [1] }] }, '"entries[1].skips[0]" is not a text'],
    ['olm.bundle', { relatedImages: [{ image: 4 }] }, '"relatedImages[0].image" is not a text'],
    ['olm.bundle', { properties: [{ type: true }] }, '"properties[0].type" is not a text'],
    [
      'olm.deprecations',
      { entries: [{ reference: [] }] },
      '"entries[0].reference" is not an object',
    ],
  ])('%s is refused with %j', (schema, value, message) => {
    expect(() => readDocument(value, schema)).toThrow(message);
  });

  test('of another schema holds what it wants', () => {
    const value = { entries: 'x', Image: 1 };
    expect(readDocument(value, 'custom')).toBe(value);
  });
});

test('A text is no list, even where the list may hold texts', () => {
  expect(() => readAs('a', ['text'], 'skips')).toThrow('"skips" is not a list');
});
