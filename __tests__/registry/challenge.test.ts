import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../src/registry/challenge.ts';

describe('the challenges of a 401', () => {
  it('reads realm, service and a scope with commas in it', () => {
    const header =
      'Bearer realm="https://auth.test/token",service="registry.test",scope="repository:a/b:pull,push"';
    expect(parseChallenges(header)).toEqual([
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.test/token',
          service: 'registry.test',
          scope: 'repository:a/b:pull,push',
        },
      },
    ]);
  });

  it('reads several challenges in one header, and names in any case', () => {
    const header = 'NEGOTIATE, bAsIc Realm = "a \\"quoted\\" word", BEARER realm=https://t.test/x';
    expect(parseChallenges(header)).toEqual([
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'a "quoted" word' } },
      { scheme: 'bearer', parameters: { realm: 'https://t.test/x' } },
    ]);
  });

  it('finds no challenge in an empty header', () => {
    expect(parseChallenges('')).toEqual([]);
  });

  it('reads back whatever is written by the grammar', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    const challenge = fc.record({
      scheme: name,
      parameters: fc.dictionary(name, value, { noNullPrototype: true, minKeys: 1 }),
    });
    const write = (one: { scheme: string; parameters: Record<string, string> }) =>
      `${one.scheme} ${Object.entries(one.parameters)
        .map(([key, text]) => `${key}="${text.replace(/[\\"]/g, '\\$&')}"`)
        .join(', ')}`;
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        expect(parseChallenges(challenges.map(write).join(', '))).toEqual(challenges);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseChallenges(text)));
  });
});
